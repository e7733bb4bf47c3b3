using System.Diagnostics.CodeAnalysis;
using Macp.Protocol;

namespace Macp.Runtime;

/// <summary>What an operation besides <c>Send</c> came to: a value, or the failure that the server tells as a gRPC status.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public readonly struct Outcome<T>
    where T : class
{
    Outcome(T? value, Failure? failure) => (Value, Failure) = (value, failure);

    /// <summary>The value; null when the operation failed.</summary>
    public T? Value { get; }

    /// <summary>Why the operation failed; null when it did not.</summary>
    public Failure? Failure { get; }

    /// <summary>Whether there is a value; if not, there is a failure.</summary>
    public bool Succeeded([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Failure? failure)
    {
        (value, failure) = (Value, Failure);
        return value is not null;
    }

    internal static Outcome<T> Of(T value) => new(value, null);

    /// <summary>The same outcome, its value told as another.</summary>
    internal Outcome<TOther> Select<TOther>(Func<T, TOther> tell)
        where TOther : class => Succeeded(out var value, out var failure) ? tell(value) : failure;

    /// <summary>The operation succeeded.</summary>
    public static implicit operator Outcome<T>(T value) => new(value, null);

    /// <summary>The operation failed.</summary>
    public static implicit operator Outcome<T>(Failure failure) => new(null, failure);
}

static class Outcome
{
    /// <summary>A success of an interface's type, to which nothing converts by itself.</summary>
    public static Outcome<T> Of<T>(T value)
        where T : class => Outcome<T>.Of(value);
}

/// <summary>Why an operation failed.</summary>
/// <param name="Kind">The class of the failure.</param>
/// <param name="Message">A sentence for people. Clients of older runtimes look at how it begins.</param>
public sealed record Failure(FailureKind Kind, string Message)
{
    internal static Failure Unauthenticated { get; } = new(FailureKind.Unauthenticated, "UNAUTHENTICATED: a credential is needed");

    internal static Failure NotStored { get; } = new(FailureKind.Internal, "INTERNAL_ERROR: the session's history could not be stored");

    internal static Failure NotReadable { get; } = new(FailureKind.Internal, "INTERNAL_ERROR: the session's history cannot be read now");

    internal static Failure HistoryUnavailable(string sessionId) =>
        new(FailureKind.HistoryUnavailable, $"{ErrorCode.HistoryUnavailable}: session '{sessionId}' has ended, and its history was removed after the time for which it is kept");
    internal static Failure ChangeNotStored { get; } = new(FailureKind.Internal, "INTERNAL_ERROR: the registry's change could not be stored; nothing of it was kept, ask again");

    internal static Failure SessionNotFound(string sessionId) => new(FailureKind.NotFound, $"Session '{sessionId}' not found");

    /// <summary>Why this identity may not change a registry; null when it may.</summary>
    internal static Failure? UnlessManager(Identity? identity, string registry) =>
        identity is null ? Unauthenticated : identity.CanManageModeRegistry ? null : Forbidden($"'{identity.Sender}' may not manage {registry}");

    internal static Failure Forbidden(string reason) => new(FailureKind.PermissionDenied, $"FORBIDDEN: {reason}");
}

/// <summary>The classes of failure, each with a gRPC status of the same meaning.</summary>
public enum FailureKind
{
    /// <summary>No identity was given.</summary>
    Unauthenticated,

    /// <summary>What was asked for does not exist.</summary>
    NotFound,

    /// <summary>The identity has no right to this.</summary>
    PermissionDenied,

    /// <summary>The request is wrong in itself.</summary>
    InvalidArgument,

    /// <summary>The request cannot be served as things stand.</summary>
    FailedPrecondition,

    /// <summary>What was asked for was removed, on purpose (decisions 22).</summary>
    HistoryUnavailable,

    /// <summary>The runtime could not do it; nothing was kept.</summary>
    Internal,
}
