using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Macp.Modes;
using Macp.Modes.Standard;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Macp.Server.Tests;

/// <summary>One port without TLS, for HTTP/2 with prior knowledge and for HTTP/1.1.</summary>
public sealed class PlaintextTests
{
    const string Page = "/.well-known/macp.json", Get = $"GET {Page} HTTP/1.1\r\nHost: x\r\n\r\n", Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    [Theory]
    [InlineData("1.0")]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task The_same_page_comes_by_each_version_of_http(string version)
    {
        await using var runtime = await TestRuntime.StartAsync();
        using var response = await SendAsync(runtime.Host, HttpMethod.Get, Page, version);

        Assert.Equal((HttpStatusCode.OK, Version.Parse(version == "1.0" ? "1.1" : version)), (response.StatusCode, response.Version));
        Assert.Contains("macp-runtime", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_go_on_beside_clients_of_http_1_1()
    {
        await using var runtime = await TestRuntime.StartAsync();
        await using var http1 = await ConnectAsync(runtime.Host);
        string session = await runtime.DeliberateAsync();
        await using var stream = runtime.Stream("alice");
        await stream.SubscribeAsync(session);
        Assert.Equal("SessionStart", (await stream.NextAsync())!.Envelope.MessageType);

        Assert.StartsWith("HTTP/1.1 200", await AskAsync(http1, Get), StringComparison.Ordinal);
        Assert.Equal("Proposal", (await stream.NextAsync())!.Envelope.MessageType);
        var vote = Envelopes.Vote(session);
        await runtime.AcceptsAsync("bob", vote);
        await stream.DeliversAsync(vote.MessageId);
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(http1, Get), StringComparison.Ordinal); // on the connection that it kept
    }

    [Fact]
    public async Task A_preface_may_come_byte_by_byte()
    {
        await using var runtime = await TestRuntime.StartAsync();
        await using var connection = await ConnectAsync(runtime.Host);
        await DripAsync(connection, Preface);
        await connection.WriteAsync(new byte[] { 0, 0, 0, 4, 0, 0, 0, 0, 0 }); // SETTINGS, none of them

        byte[] header = new byte[9];
        await connection.ReadExactlyAsync(header).AsTask().Happens();
        Assert.Equal(4, header[3]); // the server's SETTINGS
    }

    [Theory]
    [InlineData($"GET {Page} HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200")]
    [InlineData($"PROPFIND {Page} HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 405")] // two bytes of the preface
    [InlineData($"PRINT {Page} HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 405")] // three of them
    public async Task So_may_a_request_of_http_1_1_whatever_it_has_in_common_with_one(string request, string answer)
    {
        await using var runtime = await TestRuntime.StartAsync();
        await using var connection = await ConnectAsync(runtime.Host);
        await DripAsync(connection, request);
        Assert.StartsWith(answer, await ReadAsync(connection), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ListModes")]
    [InlineData("NoSuchMethod")]
    public async Task A_grpc_client_that_speaks_http_1_1_is_told_so(string method)
    {
        await using var runtime = await TestRuntime.StartAsync();
        using var content = new ByteArrayContent(RawCall.Frame([]));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/grpc");
        using var response = await SendAsync(runtime.Host, HttpMethod.Post, $"/{Rpc.Service.FullName}/{method}", "1.1", content);
        Assert.Equal((HttpStatusCode.UpgradeRequired, "h2c"), (response.StatusCode, response.Headers.Upgrade.ToString()));
        Assert.Equal("gRPC needs HTTP/2; this request came by HTTP/1.1.\n", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_client_that_has_sent_all_it_will_is_answered_all_the_same()
    {
        await using var runtime = await TestRuntime.StartAsync();
        await using var connection = await ConnectAsync(runtime.Host);
        await WriteAsync(connection, Get);
        connection.Socket.Shutdown(SocketShutdown.Send);
        Assert.StartsWith("HTTP/1.1 200", await ReadAsync(connection), StringComparison.Ordinal);
        await EndsAsync(connection);
    }

    [Fact]
    public async Task A_page_that_is_not_there_is_not_found()
    {
        await using var runtime = await TestRuntime.StartAsync();
        using var response = await SendAsync(runtime.Host, HttpMethod.Post, "/other", "1.1", new StringContent("x"));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("PR")]
    [InlineData(Preface)]
    [InlineData(Get)]
    public async Task A_host_stops_at_once_whatever_an_idle_client_has_sent(string sent)
    {
        // Whoever waits for the drain waits for longer than the test does.
        var host = await StartAsync(options: new() { ShutdownDrain = TimeSpan.FromHours(1) });
        await using var connection = await ConnectAsync(host);
        await WriteAsync(connection, sent);
        if (sent == Get) await ReadAsync(connection);
        // Connections are accepted in their order: this one after that.
        (await SendAsync(host, HttpMethod.Get, Page, "1.1")).Dispose();

        await host.DisposeAsync().AsTask().Happens();
        await EndsAsync(connection);
    }

    [Fact]
    public async Task A_request_that_is_half_sent_has_the_drain_and_no_longer()
    {
        var host = await StartAsync(
            kestrel => kestrel.Limits.RequestHeadersTimeout = kestrel.Limits.KeepAliveTimeout = TimeSpan.FromHours(1), new() { ShutdownDrain = TimeSpan.FromMilliseconds(200) });
        await using var connection = await ConnectAsync(host);
        await WriteAsync(connection, "GET / HT");
        (await SendAsync(host, HttpMethod.Get, Page, "1.1")).Dispose();

        await host.DisposeAsync().AsTask().Happens();
        await EndsAsync(connection);
    }

    [Theory]
    [InlineData("")]
    [InlineData("PRI")]
    [InlineData(Preface)]
    [InlineData(Get)]
    public async Task A_client_that_falls_silent_is_let_go(string sent)
    {
        await using var host = await StartAsync(kestrel => kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMilliseconds(200));
        await using var connection = await ConnectAsync(host);
        await WriteAsync(connection, sent);
        if (sent == Get) await ReadAsync(connection);
        await EndsAsync(connection);
    }

    [Fact]
    public async Task A_limit_of_connections_counts_each_once()
    {
        await using var host = await StartAsync(kestrel => kestrel.Limits.MaxConcurrentConnections = 1);
        await using var connection = await ConnectAsync(host);
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(connection, Get), StringComparison.Ordinal);

        await using var tooMany = await ConnectAsync(host);
        await EndsAsync(tooMany);
    }

    [Fact]
    public async Task Clients_that_leave_early_are_nothing_to_log()
    {
        var log = new Log();
        var host = await StartAsync(log: log);
        foreach (string sent in (string[])["", "PR", "GET /", Preface, Get])
            foreach (bool isReset in (bool[])[true, false])
            {
                await using var connection = await ConnectAsync(host);
                await WriteAsync(connection, sent);
                if (!isReset) continue;
                connection.Socket.LingerState = new(enable: true, seconds: 0);
                connection.Socket.Close();
            }
        using (var last = await SendAsync(host, HttpMethod.Get, Page, "1.1")) Assert.Equal(HttpStatusCode.OK, last.StatusCode);
        await host.DisposeAsync().AsTask().Happens();
        Assert.DoesNotContain(log.Entries, entry => !entry.StartsWith("Information: ", StringComparison.Ordinal));
    }

    static Task<MacpHost> StartAsync(Action<KestrelServerOptions>? kestrel = null, MacpServerOptions? options = null, ILoggerProvider? log = null) =>
        MacpHost.StartAsync(new ModeCatalog().Add<DecisionMode>(), (options ?? new()) with { AllowInsecure = true, Listen = new(IPAddress.Loopback, 0) }, services =>
        {
            if (kestrel is not null) services.Configure(kestrel);
            if (log is not null) services.AddSingleton(log);
        });

    static async Task<HttpResponseMessage> SendAsync(MacpHost host, HttpMethod verb, string path, string version, HttpContent? content = null)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(verb, new Uri(host.Address, path))
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        return await client.SendAsync(request).Happens();
    }

    static async Task<NetworkStream> ConnectAsync(MacpHost host)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, host.Address.Port).Happens();
        return new(socket, ownsSocket: true);
    }

    /// <summary>Sends a text so that the server sees each of its bytes alone.</summary>
    static async Task DripAsync(Stream connection, string text)
    {
        foreach (char c in text)
        {
            await connection.WriteAsync(new[] { (byte)c });
            await Task.Delay(5);
        }
    }

    static Task WriteAsync(Stream connection, string text) => connection.WriteAsync(Encoding.ASCII.GetBytes(text)).AsTask().Happens();

    static async Task<string> AskAsync(Stream connection, string request)
    {
        await WriteAsync(connection, request);
        return await ReadAsync(connection);
    }

    /// <summary>What has come, once something has. The answers of these tests are short enough to come in one piece.</summary>
    static async Task<string> ReadAsync(Stream connection)
    {
        byte[] buffer = new byte[16 * 1024];
        return Encoding.ASCII.GetString(buffer, 0, await connection.ReadAsync(buffer).AsTask().Happens());
    }

    /// <summary>The server closes the connection, after what it may still have to say.</summary>
    static async Task EndsAsync(Stream connection)
    {
        byte[] buffer = new byte[1024];
        try
        {
            while (await connection.ReadAsync(buffer).AsTask().Happens() != 0)
            {
                // Such as GOAWAY.
            }
        }
        catch (IOException)
        {
            // So is a connection closed of which something had not been read.
        }
    }

    sealed class Log : ILoggerProvider, ILogger
    {
        public List<string> Entries { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (Entries) Entries.Add($"{logLevel}: {formatter(state, exception)} {exception}");
        }

        public void Dispose()
        {
            // There is nothing to let go of.
        }
    }
}
