using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Macp.Client;

namespace Macp.Cli.Live;

/// <summary>The certificate by which a command proves itself to a runtime (mutual TLS).</summary>
static class ClientCertificate
{
    /// <summary>Reads it of two PEM files; null when none is named.</summary>
    /// <exception cref="MacpConfigurationException">Only one is named, they cannot be used, or the runtime would never ask for it.</exception>
    public static X509Certificate2? Read(string? certificateFile, string? keyFile, Uri endpoint)
    {
        if (certificateFile is null && keyFile is null) return null;
        if (certificateFile is null || keyFile is null) throw new MacpConfigurationException("--cert and --key go together: a certificate and its private key");
        if (endpoint.Scheme != Uri.UriSchemeHttps) throw new MacpConfigurationException("--cert needs an https endpoint: without TLS nobody asks for a certificate");
        try
        {
            using var pair = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
            // A key that was just read is no key to every platform's TLS; one that went through PKCS 12 is.
            return X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), null);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new MacpConfigurationException($"--cert {certificateFile} and --key {keyFile} cannot be used: {e.Message}");
        }
    }
}
