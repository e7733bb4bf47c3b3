using Macp.Grpc;

namespace Macp.Client.Tests;

public class ConnectingTests
{
    [Theory]
    [InlineData("https://runtime.example:50051", false, "https://runtime.example:50051/")]
    [InlineData("https://runtime.example:50051", true, "https://runtime.example:50051/")]
    [InlineData("runtime.example:50051", false, "https://runtime.example:50051/")]
    [InlineData("localhost:50051", true, "http://localhost:50051/")]
    [InlineData("127.0.0.1:50051", true, "http://127.0.0.1:50051/")]
    [InlineData("[::1]:50051", true, "http://[::1]:50051/")]
    [InlineData("http://localhost:50051", true, "http://localhost:50051/")]
    public void An_endpoint_is_secure_unless_that_is_waived(string endpoint, bool allowInsecure, string address) =>
        Assert.Equal(address, MacpClientOptions.FromEndpoint(endpoint, allowInsecure).Endpoint.AbsoluteUri);

    [Fact]
    public void Plaintext_needs_the_opt_in_and_the_refusal_names_it()
    {
        var e = Assert.Throws<MacpConfigurationException>(() => new MacpClient(new() { Endpoint = new("http://localhost:50051") }));
        Assert.Contains("AllowInsecure = true", e.Message);
        Assert.Throws<MacpConfigurationException>(() => MacpClientOptions.FromEndpoint("http://localhost:50051"));
    }

    [Theory, InlineData(""), InlineData("ftp://host:1"), InlineData("https://"), InlineData("host:notaport"), InlineData("two words")]
    public void What_is_no_endpoint_is_refused(string endpoint) =>
        Assert.Throws<MacpConfigurationException>(() => MacpClientOptions.FromEndpoint(endpoint));

    [Fact]
    public async Task A_bare_host_and_port_also_works_as_a_uri()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = new MacpClient(new() { Endpoint = new($"localhost:{runtime.Address.Port}"), AllowInsecure = true });

        Assert.Equal("fake", (await client.InitializeAsync()).Runtime.Name);
    }

    [Fact]
    public async Task A_private_authority_is_trusted_where_it_is_given_and_not_otherwise()
    {
        using var certificate = Certificates.SelfSigned();
        await using var runtime = await FakeRuntime.StartAsync(certificate);
        var endpoint = new Uri($"https://localhost:{runtime.Address.Port}");
        await using var trusting = new MacpClient(new() { Endpoint = endpoint, RootCertificates = [certificate] });
        await using var distrusting = new MacpClient(new() { Endpoint = endpoint });

        Assert.Equal("1.0", (await trusting.InitializeAsync()).ProtocolVersion);
        var e = await Assert.ThrowsAsync<MacpTransportException>(() => distrusting.InitializeAsync());
        Assert.Equal(GrpcStatusCode.Unavailable, e.StatusCode);
    }

    [Fact]
    public async Task A_runtime_that_is_not_there_is_unavailable_which_is_transient()
    {
        await using var client = new MacpClient(MacpClientOptions.FromEndpoint("127.0.0.1:1", allowInsecure: true));

        var e = await Assert.ThrowsAsync<MacpTransportException>(() => client.InitializeAsync());

        Assert.Equal((GrpcStatusCode.Unavailable, true), (e.StatusCode, e.IsTransient));
    }

    [Fact]
    public async Task The_callers_handler_is_used_and_stays_open()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        using var handler = new CountingHandler();
        for (int i = 0; i < 2; i++)
        {
            await using var client = runtime.Connect(configure: o => o with { HttpMessageHandler = handler });
            await client.InitializeAsync();
        }

        Assert.Equal(2, handler.Count);
    }

    [Fact]
    public async Task A_client_that_is_disposed_says_so()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        var client = runtime.Connect(MacpAuth.DevAgent("alice"));
        var stream = await client.OpenStreamAsync();
        runtime.OnStream = (_, _, call) => Task.Delay(Timeout.Infinite, call.CancellationToken);
        var reading = stream.ReadAsync().AsTask();
        await client.DisposeAsync();
        await client.DisposeAsync();

        Assert.Contains("closed", (await Assert.ThrowsAsync<MacpException>(() => client.InitializeAsync())).Message);
        Assert.Contains("closed", (await Assert.ThrowsAsync<MacpException>(() => client.OpenStreamAsync())).Message);
        await Assert.ThrowsAnyAsync<MacpException>(() => reading);
    }

    sealed class CountingHandler() : DelegatingHandler(new SocketsHttpHandler())
    {
        public int Count;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref Count);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
