using System.Security.Cryptography.X509Certificates;
using Macp.Grpc;

namespace Macp.Client;

/// <summary>From options to a channel.</summary>
static class Connecting
{
    public static Uri Address(Uri endpoint, bool allowInsecure) => Address(endpoint.OriginalString, allowInsecure);

    /// <summary>The http or https address of an endpoint; http only where it is allowed.</summary>
    public static Uri Address(string endpoint, bool allowInsecure)
    {
        // A bare localhost:50051 parses as a URI of the scheme "localhost".
        string text = endpoint.Contains("://", StringComparison.Ordinal) ? endpoint : $"{(allowInsecure ? "http" : "https")}://{endpoint}";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.Host.Length == 0)
            throw new MacpConfigurationException($"'{endpoint}' is not an endpoint. Write https://host:port, or host:port.");
        if (address.Scheme == "http" && !allowInsecure)
            throw new MacpConfigurationException(
                $"'{endpoint}' is plaintext: tokens would travel in the clear. Use https, or set AllowInsecure = true for a runtime that you trust the way to.");
        return address;
    }

    public static GrpcChannel Channel(MacpClientOptions options, HttpMessageHandler? handler) => new(new()
    {
        Address = Address(options.Endpoint, options.AllowInsecure),
        HttpMessageHandler = handler,
        ConnectTimeout = options.ConnectTimeout,
        KeepAlivePingDelay = options.KeepAlive,
        TimeProvider = options.TimeProvider,
    });

    /// <summary>A handler with the options' certificates; null when there are none, and the channel's own will do.</summary>
    public static SocketsHttpHandler? CertifiedHandler(MacpClientOptions options)
    {
        if (options.HttpMessageHandler is not null || (options.RootCertificates is null && options.ClientCertificates is null)) return null;
        return Handler(options);
    }

    /// <summary>A handler as the options say.</summary>
    public static SocketsHttpHandler Handler(MacpClientOptions options) => new()
    {
        ConnectTimeout = options.ConnectTimeout,
        KeepAlivePingDelay = options.KeepAlive,
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        EnableMultipleHttp2Connections = true,
        PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        SslOptions = new()
        {
            ClientCertificates = options.ClientCertificates,
            CertificateChainPolicy = options.RootCertificates is { } roots ? Trusting(roots) : null,
        },
    };

    // A private authority seldom publishes revocations.
    static X509ChainPolicy Trusting(X509Certificate2Collection roots)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(roots);
        return policy;
    }
}
