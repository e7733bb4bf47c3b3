using System.Net;
using Macp.Client;

namespace Macp.Agents;

/// <summary>Where a participant can be cancelled by HTTP, and by whom.</summary>
public sealed record CancelCallbackOptions
{
    /// <summary>The address to listen at: an IP address, or <c>localhost</c>. Loopback by default; the endpoint has no TLS of its own.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The port; 0, the default, for a free one.</summary>
    public int Port { get; init; }

    /// <summary>The path, which is matched exactly; a leading slash is added where there is none.</summary>
    public string Path { get; init; } = "/cancel";

    /// <summary>What a caller must bring in the header <see cref="SecretHeader"/>; null for callers that prove nothing. Never printed.</summary>
    public string? SharedSecret { get; init; }

    /// <summary>The header of the shared secret.</summary>
    public string SecretHeader { get; init; } = "X-Macp-Callback-Secret";

    /// <summary>The largest body that is read, in bytes: 16 KiB by default.</summary>
    public int MaxBodyBytes { get; init; } = 16 * 1024;

    /// <summary>The path with its slash.</summary>
    internal string RootedPath => Path.StartsWith('/') ? Path : "/" + Path;

    /// <summary>The options without their secret.</summary>
    public override string ToString() => $"CancelCallbackOptions {{ {Host}:{Port}{RootedPath}, SharedSecret = {(SharedSecret is null ? "none" : "***")} }}";

    /// <exception cref="MacpConfigurationException">The host is no address to listen at.</exception>
    internal IPEndPoint Listen() => Host is "localhost" ? new(IPAddress.Loopback, Port) : IPAddress.TryParse(Host, out var address) ? new(address, Port)
        : throw new MacpConfigurationException($"The cancel callback cannot listen at '{Host}': name an IP address, or localhost.");
}

/// <summary>A request to cancel.</summary>
/// <param name="RunId">The run that is to be cancelled, as its control plane names it; empty when the caller did not say.</param>
/// <param name="Reason">Why; empty when the caller did not say.</param>
public sealed record CancelRequest(string RunId = "", string Reason = "");
