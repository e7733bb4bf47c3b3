using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Macp.Grpc;
using Macp.Modes;
using Macp.Modes.Standard;
using Macp.Server.Hosting;
using Macp.Server.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Server.Tests;

/// <summary>TLS and mutual TLS, with certificates of an authority of the test's own.</summary>
public sealed class TlsTests : IDisposable
{
    static readonly MacpServerOptions Plain = new()
    {
        Listen = new(IPAddress.Loopback, 0),
        Authentication = new() { TokensJson = """[{"token":"t-ini","sender":"ini"}]""" },
        ShutdownDrain = TimeSpan.FromSeconds(1),
    };

    readonly Certificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task Calls_travel_under_TLS_and_the_address_says_so()
    {
        await using var host = await StartAsync(_certificates.Server());
        Assert.Equal("https", host.Address.Scheme);
        Assert.True(await IsServedAsync(host.Address, _certificates.Roots));
    }

    [Fact]
    public async Task Intermediate_authorities_are_sent_along()
    {
        await using var host = await StartAsync(_certificates.ServerOfAnIntermediate());
        Assert.True(await IsServedAsync(host.Address, _certificates.Roots));
    }

    [Theory]
    [InlineData(1, 1), InlineData(2, 0)]
    public async Task HTTP_1_and_2_are_served_on_the_port(int major, int minor)
    {
        await using var host = await StartAsync(_certificates.Server());
        using var http = new HttpClient(Handler(_certificates.Roots)) { DefaultRequestVersion = new(major, minor), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        var page = await http.GetAsync(new Uri(host.Address, "/.well-known/macp.json"));
        Assert.Equal((HttpStatusCode.OK, new Version(major, minor)), (page.StatusCode, page.Version));
    }

    [Fact]
    public async Task A_client_that_does_not_know_the_authority_does_not_call()
    {
        await using var host = await StartAsync(_certificates.Server());
        using var others = new Certificates();
        Assert.False(await IsServedAsync(host.Address, others.Roots));
    }

    [Fact]
    public async Task Plaintext_is_not_served_beside_it_even_where_it_is_allowed()
    {
        await using var host = await StartAsync(_certificates.Server(), Plain with { AllowInsecure = true });
        Assert.Equal("https", host.Address.Scheme);
        Assert.False(await IsServedAsync(new($"http://{host.Address.Authority}"), _certificates.Roots));
    }

    [Fact]
    public async Task With_client_authorities_a_client_needs_a_certificate_of_theirs()
    {
        await using var host = await StartAsync(_certificates.Server() with { ClientAuthoritiesFile = _certificates.AuthorityFile });
        using var others = new Certificates();
        using X509Certificate2 known = _certificates.Client(), stranger = others.Client(), server = _certificates.NoClient();

        Assert.True(await IsServedAsync(host.Address, _certificates.Roots, known));
        Assert.False(await IsServedAsync(host.Address, _certificates.Roots));
        Assert.False(await IsServedAsync(host.Address, _certificates.Roots, stranger));
        Assert.False(await IsServedAsync(host.Address, _certificates.Roots, server));
    }

    [Fact]
    public async Task A_certificate_is_no_credential()
    {
        await using var host = await StartAsync(_certificates.Server() with { ClientAuthoritiesFile = _certificates.AuthorityFile });
        using var client = _certificates.Client();
        using var handler = Handler(_certificates.Roots, client);
        using var channel = new GrpcChannel(new() { Address = host.Address, HttpMessageHandler = handler });
        var answer = await channel.UnaryAsync(Rpc.Send, new() { Envelope = Envelopes.Start(Envelopes.NewSession()) }).Happens();
        Assert.Equal("UNAUTHENTICATED", answer.Ack.Error.Code);
    }

    [Fact]
    public async Task Files_that_are_missing_or_no_pair_end_the_start()
    {
        var good = _certificates.Server();
        var other = _certificates.ServerOfAnIntermediate();
        string garbage = _certificates.Write("garbage.pem", "garbage");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string locked = _certificates.Write("locked.key", key.ExportEncryptedPkcs8PrivateKeyPem("secret", new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1)));

        await RefusesAsync("MACP_TLS_CERT_PATH: /no/such/file: ", good with { CertificateFile = "/no/such/file" });
        await RefusesAsync("MACP_TLS_KEY_PATH: /no/such/file: ", good with { KeyFile = "/no/such/file" });
        await RefusesAsync("MACP_TLS_CLIENT_CA_PATH: /no/such/file: ", good with { ClientAuthoritiesFile = "/no/such/file" });
        await RefusesAsync($"MACP_TLS_CLIENT_CA_PATH: {garbage}: it must hold a certificate", good with { ClientAuthoritiesFile = garbage });
        foreach (var wrong in (MacpTlsOptions[])[good with { KeyFile = other.KeyFile }, good with { CertificateFile = garbage }, good with { KeyFile = garbage }, good with { KeyFile = locked }])
            await RefusesAsync($"MACP_TLS_CERT_PATH: {wrong.CertificateFile} and MACP_TLS_KEY_PATH: {wrong.KeyFile} must be a certificate and its own private key", wrong);
    }

    [Fact]
    public async Task A_renewed_certificate_is_served_without_a_restart_and_one_without_its_key_is_not()
    {
        var time = new ManualTime();
        var notebook = new Notebook();
        var first = _certificates.Server();
        await using var host = await StartAsync(first, configure: services =>
        {
            services.AddSingleton<TimeProvider>(time);
            notebook.Opened(services);
        });
        string before = await SerialAsync(host.Address);
        var next = _certificates.ServerOfAnIntermediate();

        File.Copy(next.CertificateFile, first.CertificateFile, overwrite: true);
        time.Advance(RenewedCertificates.Patience);
        Assert.Equal(before, await SerialAsync(host.Address));
        Assert.Contains("must be a certificate and its own private key", Assert.Single(notebook.Notes, note => note.Id == 16).Text, StringComparison.Ordinal);

        File.Copy(next.KeyFile, first.KeyFile, overwrite: true);
        Assert.Equal(before, await SerialAsync(host.Address)); // it was looked at just now
        time.Advance(RenewedCertificates.Patience);
        Assert.NotEqual(before, await SerialAsync(host.Address));
        Assert.True(await IsServedAsync(host.Address, _certificates.Roots));
        Assert.Single(notebook.Notes, note => note.Id == 15);
    }

    [Fact]
    public void Options_that_connections_share_are_whole_before_the_first()
    {
        var options = TlsFiles.Read(_certificates.Server()).Options();
        Assert.Equal([SslApplicationProtocol.Http2, SslApplicationProtocol.Http11], options.ApplicationProtocols);
        Assert.False(options.AllowRenegotiation);
    }

    [Fact]
    public async Task Handshakes_that_fail_are_told_and_only_so_many_of_them()
    {
        var notebook = new Notebook();
        await using var host = await StartAsync(_certificates.Server() with { ClientAuthoritiesFile = _certificates.AuthorityFile }, configure: notebook.Opened);
        using var known = _certificates.Client();
        Assert.True(await IsServedAsync(host.Address, _certificates.Roots, known));
        Assert.DoesNotContain(notebook.Notes, note => note.Id == 27);
        Assert.False(await IsServedAsync(host.Address, _certificates.Roots));
        await ToldAsync(1);

        for (int i = 0; i < LogAllowance.Entries + 5; i++)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, host.Address.Port);
            await client.GetStream().WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
            while (await client.GetStream().ReadAsync(new byte[100]).AsTask().Happens() > 0) { }
        }
        await ToldAsync(LogAllowance.Entries);

        async Task ToldAsync(int times)
        {
            for (int i = 0; notebook.Notes.Count(note => note.Id == 27) < times && i < 1000; i++) await Task.Delay(10);
            Assert.Equal(times, notebook.Notes.Count(note => note.Id == 27));
            Assert.All(notebook.Notes.Where(note => note.Id == 27), note => Assert.Matches("^A connection from 127.0.0.1:[0-9]+ ended before its TLS handshake was done$", note.Text));
        }
    }

    static async Task<string> SerialAsync(Uri address)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, address.Port);
        await using var stream = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        await stream.AuthenticateAsClientAsync("localhost").Happens();
        return stream.RemoteCertificate!.GetSerialNumberString();
    }

    static Task<MacpHost> StartAsync(MacpTlsOptions tls, MacpServerOptions? options = null, Action<IServiceCollection>? configure = null) =>
        MacpHost.StartAsync(new ModeCatalog().Add<DecisionMode>(), (options ?? Plain) with { Tls = tls }, configure);

    static async Task RefusesAsync(string message, MacpTlsOptions tls) =>
        Assert.StartsWith(message, (await Assert.ThrowsAsync<MacpConfigurationException>(() => StartAsync(tls))).Message, StringComparison.Ordinal);

    /// <summary>Whether a session can be started there, with this trust and certificate.</summary>
    static async Task<bool> IsServedAsync(Uri address, X509Certificate2Collection roots, X509Certificate2? certificate = null)
    {
        using var handler = Handler(roots, certificate);
        using var channel = new GrpcChannel(new() { Address = address, HttpMessageHandler = handler });
        try
        {
            return (await channel.UnaryAsync(Rpc.Send, new() { Envelope = Envelopes.Start(Envelopes.NewSession()) }, Rpc.As("t-ini")).Happens()).Ack.Ok;
        }
        catch (GrpcException e) when (e.InnerException is HttpRequestException)
        {
            return false;
        }
    }

    static SocketsHttpHandler Handler(X509Certificate2Collection roots, X509Certificate2? certificate = null)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.AddRange(roots);
        return new() { SslOptions = new() { CertificateChainPolicy = trust, ClientCertificates = certificate is null ? null : [certificate] } };
    }
}
