using Macp.Grpc.Wire;
using Microsoft.Extensions.Logging;

namespace Macp.Grpc.Server;

/// <summary>What every call of a server shares.</summary>
sealed class ServerEnvironment(GrpcServerOptions options, ILogger logger, CancellationToken stopping)
{
    public FrameRules Rules { get; } = FrameRules.Server(options.MaxReceiveMessageBytes);
    public int MaxSendBytes { get; } = options.MaxSendMessageBytes;
    public TimeProvider Time { get; } = options.TimeProvider;
    public ILogger Logger { get; } = logger;

    /// <summary>Fires when the host begins to stop.</summary>
    public CancellationToken Stopping { get; } = stopping;
}
