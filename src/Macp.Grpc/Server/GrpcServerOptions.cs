namespace Macp.Grpc;

/// <summary>What the gRPC server accepts and by which clock it keeps deadlines.</summary>
public sealed record GrpcServerOptions
{
    /// <summary>The largest request message, in bytes. A larger one ends its call with RESOURCE_EXHAUSTED. 4 MiB by default.</summary>
    public int MaxReceiveMessageBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>The largest response message, in bytes. A larger one ends its call with RESOURCE_EXHAUSTED. No limit by default.</summary>
    public int MaxSendMessageBytes { get; init; } = int.MaxValue - 16;

    /// <summary>
    /// How long a call may take from its headers to its answer, its request included; a streaming call only to its request, where it has exactly one, and
    /// otherwise each of its messages from its beginning to its end: silence between them is allowed. Then the call ends with DEADLINE_EXCEEDED, as by a
    /// client's deadline that has passed. Null, the default, for no limit.
    /// </summary>
    public TimeSpan? RequestTimeout { get; init; }

    /// <summary>
    /// The most calls of one HTTP/2 connection that are worked on at a time. A call with one request counts once that is there, and a streaming call until it
    /// has sent its headers. Further ones wait for their turn, in order, while their time runs. Null, the default, for no limit.
    /// </summary>
    public int? MaxConcurrentCallsPerConnection { get; init; }

    /// <summary>The clock of deadlines and of <see cref="RequestTimeout"/>.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
