using System.Diagnostics.Metrics;
using System.Globalization;
using Macp.Grpc.Wire;
using Microsoft.Extensions.Logging;

namespace Macp.Grpc.Server;

/// <summary>What every call of a server shares.</summary>
sealed class ServerEnvironment(GrpcServerOptions options, ILogger logger, IMeterFactory? meters, CancellationToken stopping)
{
    public FrameRules Rules { get; } = FrameRules.Server(options.MaxReceiveMessageBytes);
    public int MaxSendBytes { get; } = options.MaxSendMessageBytes;
    public TimeProvider Time { get; } = options.TimeProvider;
    public TimeSpan? RequestTimeout { get; } = options.RequestTimeout;

    /// <summary>What a call is told that took longer than <see cref="RequestTimeout"/>.</summary>
    public GrpcStatus LimitPassed { get; } = new(GrpcStatusCode.DeadlineExceeded, string.Create(
        CultureInfo.InvariantCulture, $"The server's limit of {options.RequestTimeout?.TotalSeconds} seconds for a request has passed."));

    /// <summary>How many calls of a connection are worked on; null for any number.</summary>
    public ConnectionPlaces? Places { get; } = options.MaxConcurrentCallsPerConnection is { } most ? new(most) : null;

    public ILogger Logger { get; } = logger;
    public CallMeter Meter { get; } = new(meters);

    /// <summary>Fires when the host begins to stop.</summary>
    public CancellationToken Stopping { get; } = stopping;
}
