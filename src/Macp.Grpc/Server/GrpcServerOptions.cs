namespace Macp.Grpc;

/// <summary>What the gRPC server accepts and by which clock it keeps deadlines.</summary>
public sealed record GrpcServerOptions
{
    /// <summary>The largest request message, in bytes. A larger one ends its call with RESOURCE_EXHAUSTED. 4 MiB by default.</summary>
    public int MaxReceiveMessageBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>The largest response message, in bytes. A larger one ends its call with RESOURCE_EXHAUSTED. No limit by default.</summary>
    public int MaxSendMessageBytes { get; init; } = int.MaxValue - 16;

    /// <summary>The clock of deadlines.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
