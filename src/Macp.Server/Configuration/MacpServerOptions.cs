using System.Net;
using Macp.Runtime;
using Microsoft.Extensions.Logging;

namespace Macp.Server;

/// <summary>What a runtime's server may be told.</summary>
public sealed record MacpServerOptions
{
    /// <summary>Where to listen; port 0 picks a free one.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 50051);

    /// <summary>How callers prove who they are. A host that registers an authenticator of its own needs none of it.</summary>
    public MacpAuthenticationOptions Authentication { get; init; } = new();

    /// <summary>The certificates to serve TLS with, and then nothing else; null for plaintext, which <see cref="AllowInsecure"/> must allow.</summary>
    public MacpTlsOptions? Tls { get; init; }

    /// <summary>
    /// Serves without TLS where none is configured, and where no authentication is, with that of development: whatever token a caller brings is its name.
    /// Without it a server that lacks either does not start.
    /// </summary>
    public bool AllowInsecure { get; init; }

    /// <summary>Whether callers are who they say: nothing else is configured, and that is allowed. A host's own authenticator, of which options know nothing, comes first.</summary>
    public bool IsDevelopment => AllowInsecure && !Authentication.IsConfigured;

    /// <summary>
    /// Serves the identity of development to other machines too: everybody who reaches the address may then be anybody. Without it, it is for loopback only.
    /// </summary>
    public bool AllowRemoteDevelopmentIdentity { get; init; }

    /// <summary>
    /// The folder in which histories are kept: what was acknowledged is there after a crash. It is made where there is none, and belongs to one process at a
    /// time. Null to keep them in memory, where they end with the process.
    /// </summary>
    public string? DataFolder { get; init; }

    /// <summary>Keeps the server from starting when something of the histories cannot be read. Without it what can be read is served, and the rest is told in the log.</summary>
    public bool IsRecoveryStrict { get; init; }

    /// <summary>
    /// A folder whose <c>*.json</c> files are all policies besides the built-in ones, in the place of <see cref="MacpRuntimeOptions.Policies"/>; clients then
    /// cannot register any. Null for none. Anything wrong with one of them keeps the server from starting.
    /// </summary>
    public string? PoliciesFolder { get; init; }

    /// <summary>The kernel's limits.</summary>
    public MacpRuntimeOptions Runtime { get; init; } = new();

    /// <summary>The most calls at a time on one connection, open streams among them. HTTP/2 makes a client wait with further ones.</summary>
    public int MaxConcurrentStreams { get; init; } = 128;

    /// <summary>The most calls of one connection that are worked on at a time, from when their request is there; a stream counts until it is open. Further ones wait for their turn.</summary>
    public int MaxConcurrentCalls { get; init; } = 64;

    /// <summary>
    /// How long a call may take from its headers to its answer, its request included; a stream to its request, if it has only one. Then it ends with
    /// DEADLINE_EXCEEDED.
    /// </summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Where metrics are to be had as text, over plain HTTP, by who reaches the address; port 0 picks a free one. Null for nowhere.</summary>
    public IPEndPoint? MetricsListen { get; init; }

    /// <summary>The collector that metrics and traces are sent to by OTLP; null for none. What else OpenTelemetry's exporter may be told, its own variables say.</summary>
    public Uri? OtlpEndpoint { get; init; }

    /// <summary>The least level of what a server of its own writes to its log, on the standard error.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>Whether each entry of that log is a line of JSON, and not one of text.</summary>
    public bool LogsJson { get; init; }

    /// <summary>How long calls that are under way may take to end when the server stops.</summary>
    public TimeSpan ShutdownDrain { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The largest request message, in bytes: the largest payload and what may stand around it.</summary>
    internal int MaxReceiveMessageBytes => (int)Math.Min(int.MaxValue, Runtime.MaxPayloadBytes + EnvelopeAllowance);

    const long EnvelopeAllowance = 64 * 1024;
}
