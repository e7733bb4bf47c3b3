using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Macp.Client;

namespace Macp.Cli.Tests.Live;

/// <summary><c>macp serve</c> with TLS and tokens as its environment says, and the commands and the client that talk to it.</summary>
public sealed class SecuredRuntimeTests : IDisposable
{
    const string Tokens = """[{"token":"secret-1","sender":"ann"},{"token":"secret-2","sender":"eve"}]""";

    readonly string _folder = Directory.CreateTempSubdirectory("macp-tls").FullName;
    readonly X509Certificate2 _certificate;

    public SecuredRuntimeTests()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(CertificateFile, _certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
    }

    string CertificateFile => Path.Combine(_folder, "server.pem");

    string KeyFile => Path.Combine(_folder, "server.key");

    // It is its own authority, to clients and of clients.
    (string, string)[] Secured => [("MACP_TLS_CERT_PATH", CertificateFile), ("MACP_TLS_KEY_PATH", KeyFile), ("MACP_AUTH_TOKENS_JSON", Tokens)];

    public void Dispose()
    {
        _certificate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Commands_come_by_https_with_a_token_and_trust_the_authorities_of_the_system()
    {
        await using var server = await MacpProcess.ServeAsync("--listen 127.0.0.1:0", Secured);
        Assert.StartsWith("macp: histories in memory, where they end with it; connect with --endpoint https://127.0.0.1:", server.ReadyLine, StringComparison.Ordinal);
        await using var ann = Connect(server, "secret-1");
        var session = await ServeTests.StartAsync(ann);

        var listed = await ListAsync(server, ("MACP_TOKEN", "secret-1"), ("SSL_CERT_FILE", CertificateFile));
        var others = await ListAsync(server, ("MACP_TOKEN", "secret-2"), ("SSL_CERT_FILE", CertificateFile));
        var guessed = await ListAsync(server, ("MACP_TOKEN", "ann"), ("SSL_CERT_FILE", CertificateFile));
        var untrusting = await ListAsync(server, ("MACP_TOKEN", "secret-1"));

        Assert.Contains(session.SessionId, listed.Output, StringComparison.Ordinal);
        Assert.Equal(0, others.Status);
        Assert.DoesNotContain(session.SessionId, others.Output, StringComparison.Ordinal);
        Assert.Equal((1, 1), (guessed.Status, untrusting.Status));
        Assert.Contains("does not take this credential", guessed.Error, StringComparison.Ordinal);
        Assert.Contains("cannot be reached", untrusting.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_with_a_certificate_comes_through_mutual_TLS()
    {
        await using var server = await MacpProcess.ServeAsync("--listen 127.0.0.1:0", [.. Secured, ("MACP_TLS_CLIENT_CA_PATH", CertificateFile)]);
        using var usable = X509CertificateLoader.LoadPkcs12(_certificate.Export(X509ContentType.Pkcs12), null);
        await using var with = Connect(server, "secret-1", usable);
        await using var without = Connect(server, "secret-1");

        await ServeTests.StartAsync(with);
        await Assert.ThrowsAsync<MacpTransportException>(() => ServeTests.StartAsync(without));
    }

    [Fact]
    public async Task A_command_with_a_certificate_comes_through_mutual_TLS()
    {
        await using var server = await MacpProcess.ServeAsync("--listen 127.0.0.1:0", [.. Secured, ("MACP_TLS_CLIENT_CA_PATH", CertificateFile)]);
        string line = $"sessions list --endpoint {server.Endpoint.GetLeftPart(UriPartial.Authority)}";
        (string, string)[] trust = [("MACP_TOKEN", "secret-1"), ("SSL_CERT_FILE", CertificateFile)];

        Assert.Equal(0, (await MacpProcess.Start($"{line} --cert {CertificateFile} --key {KeyFile}", trust).EndAsync()).Status);
        Assert.Equal(1, (await MacpProcess.Start(line, trust).EndAsync()).Status);
    }

    [Theory]
    [InlineData("--cert and --key go together: a certificate and its private key", "https://127.0.0.1:1", "--cert", "c.pem")]
    [InlineData("--cert and --key go together: a certificate and its private key", "https://127.0.0.1:1", "--key", "k.pem")]
    [InlineData("--cert needs an https endpoint: without TLS nobody asks for a certificate", "http://127.0.0.1:1", "--cert", "c.pem", "--key", "k.pem")]
    [InlineData("--cert /nowhere/c.pem and --key /nowhere/k.pem cannot be used: ", "https://127.0.0.1:1", "--cert", "/nowhere/c.pem", "--key", "/nowhere/k.pem")]
    public async Task A_certificate_that_cannot_be_used_is_wrong_usage(string complaint, string endpoint, params string[] args)
    {
        var refused = await Invocation.OfAsync(["sessions", "list", "--token", "ann", "--endpoint", endpoint, .. args]);

        Assert.Equal((2, ""), (refused.Status, refused.Output));
        Assert.StartsWith("macp: " + complaint, refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--dev --listen 0.0.0.0:0", "MACP_MEMORY_ONLY", "1", "loopback only")]
    [InlineData("--listen 127.0.0.1:0", "MACP_AUTH_TOKENS_JSON", Tokens, "TLS is required unless MACP_ALLOW_INSECURE=1")]
    [InlineData("--listen 127.0.0.1:0", "MACP_AUTH_TOKENS_JSON", """[{"token":"secret-1"}]""", "MACP_AUTH_TOKENS_JSON: tokens[0]: sender must be text that is not blank")]
    [InlineData("--dev --listen 127.0.0.1:0", "MACP_TLS_CERT_PATH", "server.pem", "MACP_TLS_CERT_PATH is set, and MACP_TLS_KEY_PATH must be set too")]
    public async Task What_would_serve_the_wrong_people_does_not_start(string arguments, string name, string value, string fault)
    {
        var refused = await MacpProcess.Start($"serve {arguments}", (name, value)).EndAsync();

        Assert.Equal((1, ""), (refused.Status, refused.Output));
        Assert.Contains(fault, refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Error, StringComparison.Ordinal);
    }

    MacpClient Connect(MacpProcess server, string token, X509Certificate2? certificate = null) => new(new()
    {
        Endpoint = server.Endpoint,
        Auth = MacpAuth.Bearer(token, expectedSender: "ann"),
        RootCertificates = [_certificate],
        ClientCertificates = certificate is null ? null : [certificate],
    });

    static Task<Invocation> ListAsync(MacpProcess server, params (string, string)[] environment) =>
        MacpProcess.Start($"sessions list --endpoint {server.Endpoint.GetLeftPart(UriPartial.Authority)}", environment).EndAsync();
}
