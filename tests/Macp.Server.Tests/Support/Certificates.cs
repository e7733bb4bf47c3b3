using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Macp.Server.Tests;

/// <summary>An authority that a test makes up, and the PEM files of what it issues, in a folder that goes with it.</summary>
sealed class Certificates : IDisposable
{
    const string ForServers = "1.3.6.1.5.5.7.3.1", ForClients = "1.3.6.1.5.5.7.3.2";

    readonly string _folder = Directory.CreateTempSubdirectory("macp-tls").FullName;
    readonly X509Certificate2 _authority = NewAuthority("CN=Test Authority", null);

    public X509Certificate2Collection Roots => [_authority];

    public string AuthorityFile => Write("ca.pem", _authority.ExportCertificatePem());

    /// <summary>A certificate for this machine, in files.</summary>
    public MacpTlsOptions Server()
    {
        using var certificate = Issue(_authority, ForServers);
        return Files("server", certificate, "");
    }

    /// <summary>One that an intermediate authority issued, which stands behind it in the file.</summary>
    public MacpTlsOptions ServerOfAnIntermediate()
    {
        using var intermediate = NewAuthority("CN=Intermediate", _authority);
        using var certificate = Issue(intermediate, ForServers);
        return Files("chained", certificate, intermediate.ExportCertificatePem());
    }

    public X509Certificate2 Client() => Usable(Issue(_authority, ForClients));

    /// <summary>A certificate of the authority's that is for servers only.</summary>
    public X509Certificate2 NoClient() => Usable(Issue(_authority, ForServers));

    public string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    MacpTlsOptions Files(string name, X509Certificate2 certificate, string rest)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return new() { CertificateFile = Write($"{name}.pem", $"{certificate.ExportCertificatePem()}\n{rest}"), KeyFile = Write($"{name}.key", key.ExportPkcs8PrivateKeyPem()) };
    }

    static X509Certificate2 NewAuthority(string name, X509Certificate2? issuer)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        if (issuer is null) return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        using var signed = request.Create(issuer, issuer.NotBefore, issuer.NotAfter, RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }

    static X509Certificate2 Issue(X509Certificate2 issuer, string purpose)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new(purpose)], false));
        using var signed = request.Create(issuer, issuer.NotBefore, issuer.NotAfter, RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }

    static X509Certificate2 Usable(X509Certificate2 certificate)
    {
        using (certificate) return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
