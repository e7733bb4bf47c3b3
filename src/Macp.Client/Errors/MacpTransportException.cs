using Macp.Grpc;

namespace Macp.Client;

/// <summary>A call ended with a gRPC status other than OK: the runtime was not reached, or answered with a status instead of an ack.</summary>
public class MacpTransportException : MacpException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="statusCode">The gRPC status.</param>
    /// <param name="message">What happened, by the status's detail.</param>
    /// <param name="innerException">What caused it.</param>
    public MacpTransportException(GrpcStatusCode statusCode, string message, Exception? innerException = null)
        : base(message, innerException) => StatusCode = statusCode;

    /// <summary>The gRPC status.</summary>
    public GrpcStatusCode StatusCode { get; }

    /// <summary>The status's name, such as <c>DEADLINE_EXCEEDED</c>.</summary>
    public string StatusName => StatusCode.Name();

    /// <summary>The reasons in the trailing metadata <c>macp-error-details-bin</c>, which come with a policy's denial; empty when there are none.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>True for UNAVAILABLE and DEADLINE_EXCEEDED. After either the message may have been accepted: send it again with the same id.</summary>
    public override bool IsTransient => StatusCode is GrpcStatusCode.Unavailable or GrpcStatusCode.DeadlineExceeded;
}

/// <summary>Time ran out: the deadline of a unary call, which may have taken effect nevertheless, or a wait for a stream's next item, which loses nothing.</summary>
/// <param name="message">What took too long.</param>
/// <param name="innerException">What caused it.</param>
public sealed class MacpTimeoutException(string message, Exception? innerException = null)
    : MacpTransportException(GrpcStatusCode.DeadlineExceeded, message, innerException);

/// <summary>Every attempt that the retry policy allows has failed. The last failure is the inner exception.</summary>
/// <param name="attempts">How many attempts were made.</param>
/// <param name="last">How the last one failed.</param>
public sealed class MacpRetryException(int attempts, MacpException last)
    : MacpException($"{attempts} attempts failed; the last: {last?.Message}", last)
{
    /// <summary>How many attempts were made, the first one included.</summary>
    public int Attempts { get; } = attempts;

    /// <inheritdoc/>
    public override bool IsTransient => InnerException is MacpException { IsTransient: true };
}
