namespace Macp.Grpc;

/// <summary>Where a channel leads, and how.</summary>
public sealed record GrpcChannelOptions
{
    /// <summary>The server. <c>http</c> is HTTP/2 without TLS and without negotiation; <c>https</c> negotiates HTTP/2. A path goes before each method's.</summary>
    public required Uri Address { get; init; }

    /// <summary>
    /// The handler to send by, for tests, proxies, certificates and delegating handlers. It stays the caller's to dispose, and the
    /// four connection settings below do not apply to it. Null for one of the channel's own.
    /// </summary>
    public HttpMessageHandler? HttpMessageHandler { get; init; }

    /// <summary>How long a connection may take to come about. 10 seconds by default; then the call fails with UNAVAILABLE.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After how long a silence a connection with calls on it is pinged. Infinite, never, by default.</summary>
    public TimeSpan KeepAlivePingDelay { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>How long an answer to a ping may take before the connection counts as lost. 20 seconds by default.</summary>
    public TimeSpan KeepAlivePingTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>True, the default, to open a further connection when the server's limit of concurrent streams is reached on the others.</summary>
    public bool EnableMultipleHttp2Connections { get; init; } = true;

    /// <summary>The largest response message, in bytes. A larger one fails its call with RESOURCE_EXHAUSTED. 4 MiB by default.</summary>
    public int MaxReceiveMessageBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>The largest request message, in bytes. A larger one fails its call with RESOURCE_EXHAUSTED. No limit by default.</summary>
    public int MaxSendMessageBytes { get; init; } = int.MaxValue - 16;

    /// <summary>Metadata of every call, ahead of the call's own.</summary>
    public GrpcMetadata? Metadata { get; init; }

    /// <summary>The clock of <see cref="GrpcCallOptions.Timeout"/>.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
