namespace Macp.Grpc;

/// <summary>What one call adds.</summary>
public sealed record GrpcCallOptions
{
    /// <summary>Metadata to send with the request.</summary>
    public GrpcMetadata? Metadata { get; init; }

    /// <summary>
    /// How long the call may take. The server is told (<c>grpc-timeout</c>), and the client keeps it too: the call fails with
    /// DEADLINE_EXCEEDED. Null for as long as it takes.
    /// </summary>
    public TimeSpan? Timeout { get; init; }
}
