using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Macp.Server.Hosting;

/// <summary>A port with TLS, on which the handshake (ALPN) tells gRPC's HTTP/2 from HTTP/1.1.</summary>
static class TlsEndpoint
{
    /// <summary>Has Kestrel, which must be in use already, listen there.</summary>
    /// <exception cref="MacpConfigurationException">A file cannot be used.</exception>
    public static IWebHostBuilder ListenWithTls(this IWebHostBuilder web, IPEndPoint endpoint, MacpTlsOptions tls)
    {
        var https = Adapter(tls);
        return web.ConfigureKestrel(kestrel => kestrel.Listen(endpoint, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(https);
        }));
    }

    static HttpsConnectionAdapterOptions Adapter(MacpTlsOptions tls)
    {
        var https = new HttpsConnectionAdapterOptions
        {
            SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ServerCertificate = Certificate(tls),
            // The server's own certificate comes first in its file, and is passed over here.
            ServerCertificateChain = Authorities("MACP_TLS_CERT_PATH", tls.CertificateFile),
        };
        if (tls.ClientAuthoritiesFile is not { } file) return https;

        // As a server, it also asks of the certificate that it is for clients.
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(Authorities("MACP_TLS_CLIENT_CA_PATH", file));
        https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
        https.OnAuthenticate = (_, handshake) => handshake.CertificateChainPolicy = policy;
        return https;
    }

    static X509Certificate2 Certificate(MacpTlsOptions tls)
    {
        string certificate = Text("MACP_TLS_CERT_PATH", tls.CertificateFile), key = Text("MACP_TLS_KEY_PATH", tls.KeyFile);
        try
        {
            using var pair = X509Certificate2.CreateFromPem(certificate, key);
            // Windows' TLS takes no key that is in memory only.
            return X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), null);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new MacpConfigurationException($"MACP_TLS_CERT_PATH: {tls.CertificateFile} and MACP_TLS_KEY_PATH: {tls.KeyFile} must be a certificate and its own private key, both as PEM and the key not encrypted: {e.Message}");
        }
    }

    static X509Certificate2Collection Authorities(string variable, string file)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(Text(variable, file));
        }
        catch (CryptographicException e)
        {
            throw new MacpConfigurationException($"{variable}: {file}: it has a certificate that cannot be read: {e.Message}");
        }
        return certificates.Count > 0 ? certificates : throw new MacpConfigurationException($"{variable}: {file}: it must hold a certificate as PEM, and holds none.");
    }

    static string Text(string variable, string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MacpConfigurationException($"{variable}: {file}: {e.Message}");
        }
    }
}
