using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Macp.Server.Hosting;

/// <summary>The PEM files of a server's TLS, as they were read.</summary>
/// <param name="Certificate">The server's certificate, and those of the authorities between it and one that clients know.</param>
/// <param name="Key">Its private key.</param>
/// <param name="ClientAuthorities">Whose certificates clients need; null where they need none.</param>
/// <param name="Paths">Where they were read.</param>
sealed record TlsFiles(string Certificate, string Key, string? ClientAuthorities, MacpTlsOptions Paths)
{
    const string CertificateSetting = "MACP_TLS_CERT_PATH", KeySetting = "MACP_TLS_KEY_PATH", ClientAuthoritiesSetting = "MACP_TLS_CLIENT_CA_PATH";

    /// <exception cref="MacpConfigurationException">A file cannot be read, or does not hold what it should.</exception>
    public static TlsFiles Read(MacpTlsOptions paths)
    {
        var files = new TlsFiles(
            Text(CertificateSetting, paths.CertificateFile), Text(KeySetting, paths.KeyFile),
            paths.ClientAuthoritiesFile is { } authorities ? Text(ClientAuthoritiesSetting, authorities) : null, paths);
        using var pair = files.Pair();
        files.Authorities();
        return files;
    }

    /// <summary>What a connection is served with.</summary>
    public SslServerAuthenticationOptions Options()
    {
        // The server's own certificate comes first in its file, and is passed over in the chain.
        var options = new SslServerAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            // Connections share these options: what is missing Kestrel would fill in with the first, while others read it.
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            AllowRenegotiation = false, // RFC 9113 section 9.2.1
            ServerCertificateContext = SslStreamCertificateContext.Create(Pair(), Certificates(CertificateSetting, Paths.CertificateFile, Certificate), offline: true),
        };
        if (Authorities() is not { } authorities) return options;

        // As a server, it also asks of the certificate that it is for clients.
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        (options.ClientCertificateRequired, options.CertificateChainPolicy) = (true, policy);
        return options;
    }

    X509Certificate2 Pair()
    {
        try
        {
            using var pair = X509Certificate2.CreateFromPem(Certificate, Key);
            // Windows' TLS takes no key that is in memory only.
            return X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), null);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new MacpConfigurationException($"{CertificateSetting}: {Paths.CertificateFile} and {KeySetting}: {Paths.KeyFile} must be a certificate and its own private key, both as PEM and the key not encrypted: {e.Message}");
        }
    }

    X509Certificate2Collection? Authorities() =>
        ClientAuthorities is null ? null : Certificates(ClientAuthoritiesSetting, Paths.ClientAuthoritiesFile!, ClientAuthorities);

    static X509Certificate2Collection Certificates(string setting, string file, string text)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(text);
        }
        catch (CryptographicException e)
        {
            throw new MacpConfigurationException($"{setting}: {file}: it has a certificate that cannot be read: {e.Message}");
        }
        return certificates.Count > 0 ? certificates : throw new MacpConfigurationException($"{setting}: {file}: it must hold a certificate as PEM, and holds none.");
    }

    static string Text(string setting, string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MacpConfigurationException($"{setting}: {file}: {e.Message}");
        }
    }
}
