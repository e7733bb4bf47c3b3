using System.Reflection;
using System.Security.Cryptography.X509Certificates;
using Macp.Protocol;

namespace Macp.Client;

/// <summary>Where the runtime is and how a client talks to it. Only the endpoint is needed; connections use TLS unless that is waived.</summary>
public sealed record MacpClientOptions
{
    /// <summary>
    /// The runtime: <c>https://host:port</c>, or <c>http://host:port</c> together with <see cref="AllowInsecure"/>. A bare <c>host:port</c>
    /// means https, and http with <see cref="AllowInsecure"/>; <see cref="FromEndpoint"/> takes it as text.
    /// </summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Allows an http endpoint, over which tokens travel in the clear (RFC-MACP-0006 section 3). It never weakens https. False by default.</summary>
    public bool AllowInsecure { get; init; }

    /// <summary>The credential of calls that bring none, and whose session has none.</summary>
    public MacpAuth? Auth { get; init; }

    /// <summary>How long a unary call may take when the call does not say; null for as long as it takes. Never applies to streams.</summary>
    public TimeSpan? DefaultTimeout { get; init; }

    /// <summary>When and how failed calls are repeated, unless the call says otherwise; null, the default, for never.</summary>
    public MacpRetryPolicy? Retry { get; init; }

    /// <summary>The largest payload that is sent, in bytes; 1 MiB, the default limit of runtimes. A larger one is refused before the wire.</summary>
    public int MaxPayloadBytes { get; init; } = MacpProtocol.DefaultMaxPayloadBytes;

    /// <summary>The name by which <c>Initialize</c> introduces the client.</summary>
    public string ClientName { get; init; } = "macp-dotnet";

    /// <summary>The version by which <c>Initialize</c> introduces the client: this library's own unless told.</summary>
    public string ClientVersion { get; init; } = OwnVersion;

    /// <summary>The authorities to trust instead of the system's; null for the system's.</summary>
    public X509Certificate2Collection? RootCertificates { get; init; }

    /// <summary>The certificates by which the client proves itself to the runtime (mutual TLS); null for none.</summary>
    public X509Certificate2Collection? ClientCertificates { get; init; }

    /// <summary>How long connecting may take. 10 seconds by default; then the call fails with UNAVAILABLE.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After how long a silence a connection in use is pinged, so that a dead one is noticed. 30 seconds by default.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The handler to send by, for tests, proxies and unusual TLS. It stays the caller's to dispose; certificates, connect timeout and
    /// keep-alive above do not apply to it. Null for one of the client's own.
    /// </summary>
    public HttpMessageHandler? HttpMessageHandler { get; init; }

    /// <summary>The clock of envelope timestamps, timeouts and delays.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Options for an endpoint as people write it: a URI or a bare <c>host:port</c>.</summary>
    /// <param name="endpoint">Such as <c>https://runtime.example:50051</c> or <c>localhost:50051</c>.</param>
    /// <param name="allowInsecure">Allows http; then a bare <c>host:port</c> means http.</param>
    /// <exception cref="MacpConfigurationException">It is no endpoint, or http without the opt-in.</exception>
    public static MacpClientOptions FromEndpoint(string endpoint, bool allowInsecure = false) =>
        new() { Endpoint = Connecting.Address(endpoint, allowInsecure), AllowInsecure = allowInsecure };

    static string OwnVersion { get; } =
        typeof(MacpClientOptions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";
}
