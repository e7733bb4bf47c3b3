namespace Macp.Grpc;

/// <summary>
/// A call that ended with a status. A server's handler throws it to end its call with that status and those trailers; the client
/// throws it for every call that failed.
/// </summary>
public sealed class GrpcException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="status">How the call ends or ended.</param>
    /// <param name="trailers">Custom metadata beside the status; none when null.</param>
    /// <param name="innerException">What caused it on this side. It never reaches the wire.</param>
    public GrpcException(GrpcStatus status, GrpcMetadata? trailers = null, Exception? innerException = null)
        : base((status ?? throw new ArgumentNullException(nameof(status))).ToString(), innerException)
    {
        Status = status;
        Trailers = trailers ?? [];
    }

    /// <summary>Creates the exception from a code and a sentence.</summary>
    /// <param name="code">The canonical code.</param>
    /// <param name="detail">A sentence for humans.</param>
    /// <param name="trailers">Custom metadata beside the status; none when null.</param>
    /// <param name="innerException">What caused it on this side. It never reaches the wire.</param>
    public GrpcException(GrpcStatusCode code, string detail, GrpcMetadata? trailers = null, Exception? innerException = null)
        : this(new GrpcStatus(code, detail), trailers, innerException) { }

    /// <summary>How the call ended.</summary>
    public GrpcStatus Status { get; }

    /// <summary>The custom metadata that came, or goes, with the status. Empty when there is none.</summary>
    public GrpcMetadata Trailers { get; }
}
