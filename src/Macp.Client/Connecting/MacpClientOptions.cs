using System.Reflection;
using System.Security.Cryptography.X509Certificates;
using Macp.Protocol;
using Microsoft.Extensions.Logging;

namespace Macp.Client;

/// <summary>
/// Where the runtime is and how a client talks to it. Only the endpoint is needed; connections use TLS unless that is waived. They can be set so that a host's
/// configuration can set them; a client takes a copy, and what is set later changes nothing.
/// </summary>
public sealed record MacpClientOptions
{
    /// <summary>
    /// The runtime: <c>https://host:port</c>, or <c>http://host:port</c> together with <see cref="AllowInsecure"/>. A bare <c>host:port</c>
    /// means https, and http with <see cref="AllowInsecure"/>; <see cref="FromEndpoint"/> takes it as text.
    /// </summary>
    public required Uri Endpoint { get; set; }

    /// <summary>Allows an http endpoint, over which tokens travel in the clear (RFC-MACP-0006 section 3). It never weakens https. False by default.</summary>
    public bool AllowInsecure { get; set; }

    /// <summary>The credential of calls that bring none, and whose session has none.</summary>
    public MacpAuth? Auth { get; set; }

    /// <summary>How long a unary call may take when the call does not say; null for as long as it takes. Never applies to streams.</summary>
    public TimeSpan? DefaultTimeout { get; set; }

    /// <summary>When and how failed calls are repeated, unless the call says otherwise; null, the default, for never.</summary>
    public MacpRetryPolicy? Retry { get; set; }

    /// <summary>
    /// True to have the first call negotiate by itself, ahead of it and once for all callers. Where that fails the call fails with it, and the next one tries
    /// again. False by default: <see cref="MacpClient.InitializeAsync"/> does it when asked.
    /// </summary>
    public bool AutoInitialize { get; set; }

    /// <summary>The largest payload that is sent, in bytes; 1 MiB, the default limit of runtimes. A larger one is refused before the wire.</summary>
    public int MaxPayloadBytes { get; set; } = MacpProtocol.DefaultMaxPayloadBytes;

    /// <summary>The name by which <c>Initialize</c> introduces the client.</summary>
    public string ClientName { get; set; } = "macp-dotnet";

    /// <summary>The version by which <c>Initialize</c> introduces the client: this library's own unless told.</summary>
    public string ClientVersion { get; set; } = OwnVersion;

    /// <summary>The authorities to trust instead of the system's; null for the system's.</summary>
    public X509Certificate2Collection? RootCertificates { get; set; }

    /// <summary>The certificates by which the client proves itself to the runtime (mutual TLS); null for none.</summary>
    public X509Certificate2Collection? ClientCertificates { get; set; }

    /// <summary>How long connecting may take. 10 seconds by default; then the call fails with UNAVAILABLE.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>After how long a silence a connection in use is pinged, so that a dead one is noticed. 30 seconds by default.</summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The handler to send by, for tests, proxies and unusual TLS. It stays the caller's to dispose; certificates, connect timeout and
    /// keep-alive above do not apply to it. Null for one of the client's own.
    /// </summary>
    public HttpMessageHandler? HttpMessageHandler { get; set; }

    /// <summary>Where the client writes its log (docs/client-telemetry.md); null for nowhere. Neither tokens nor payloads are written.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>The clock of envelope timestamps, timeouts and delays, and of the expiry of tokens.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Options for an endpoint as people write it: a URI or a bare <c>host:port</c>.</summary>
    /// <param name="endpoint">Such as <c>https://runtime.example:50051</c> or <c>localhost:50051</c>.</param>
    /// <param name="allowInsecure">Allows http; then a bare <c>host:port</c> means http.</param>
    /// <exception cref="MacpConfigurationException">It is no endpoint, or http without the opt-in.</exception>
    public static MacpClientOptions FromEndpoint(string endpoint, bool allowInsecure = false) =>
        new() { Endpoint = Connecting.Address(endpoint, allowInsecure), AllowInsecure = allowInsecure };

    static string OwnVersion { get; } =
        typeof(MacpClientOptions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";
}
