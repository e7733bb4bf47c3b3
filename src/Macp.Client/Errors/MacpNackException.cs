using Macp.Protocol;

namespace Macp.Client;

/// <summary>The runtime refused a message or a request. Nothing of it entered the session's history.</summary>
public sealed class MacpNackException : MacpException
{
    /// <summary>Creates the exception of a negative ack.</summary>
    /// <param name="ack">The ack, whose error says why.</param>
    public MacpNackException(MacpAck ack) : this(ack?.Error ?? throw new ArgumentNullException(nameof(ack)), ack) { }

    /// <summary>Creates the exception of an error that came without an ack, as inline errors of a stream do.</summary>
    /// <param name="error">The error.</param>
    public MacpNackException(MacpError error) : this(error, null) { }

    MacpNackException(MacpError error, MacpAck? ack) : base(error.ToString()) => (Error, Ack) = (error, ack);

    /// <summary>What the runtime said.</summary>
    public MacpError Error { get; }

    /// <summary>The ack; null for an inline error of a stream.</summary>
    public MacpAck? Ack { get; }

    /// <summary>The registry code.</summary>
    public ErrorCode Code => Error.Code;

    /// <summary>Each reason of the policy that denied a commitment; empty for other codes.</summary>
    public IReadOnlyList<string> Reasons => Error.Reasons;

    /// <summary>True for <c>RATE_LIMITED</c> and <c>INTERNAL_ERROR</c>.</summary>
    public override bool IsTransient => Code.IsTransient;
}
