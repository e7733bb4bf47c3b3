using static Macp.Grpc.Tests.Methods;

namespace Macp.Grpc.Tests;

public sealed class UnaryTests
{
    [Fact]
    public async Task A_request_is_answered()
    {
        await using var server = await TestServer.StartAsync(Echo);
        Assert.Equal("hello", (await server.Channel.UnaryAsync(Unary, Text("hello")).Happens()).Value);
    }

    [Fact]
    public async Task A_handler_that_waits_is_awaited()
    {
        var gate = new TaskCompletionSource<string>();
        await using var server = await TestServer.StartAsync(OfUnary(async (_, _) => Text(await gate.Task)));
        var call = server.Channel.UnaryAsync(Unary, Text(""));
        gate.SetResult("later");
        Assert.Equal("later", (await call.Happens()).Value);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4091)]
    [InlineData(65_536)]
    [InlineData(1_000_000)]
    [InlineData(4_000_000)]
    public async Task Messages_of_any_size_within_the_limit_come_through(int length)
    {
        await using var server = await TestServer.StartAsync(Echo);
        var text = string.Create(length, 0, (span, _) => { for (int i = 0; i < span.Length; i++) span[i] = (char)('a' + i % 26); });
        Assert.Equal(text, (await server.Channel.UnaryAsync(Unary, Text(text)).Happens()).Value);
    }

    [Fact]
    public async Task Many_concurrent_calls_get_their_own_answers()
    {
        await using var server = await TestServer.StartAsync(OfUnary(async (request, _) =>
        {
            await Task.Yield();
            return request;
        }));
        var answers = await Task.WhenAll(Enumerable.Range(0, 2000).Select(i => server.Channel.UnaryAsync(Unary, Text($"{i}")))).Happens();
        Assert.Equal(Enumerable.Range(0, 2000).Select(i => $"{i}"), answers.Select(answer => answer.Value));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_handler_ends_its_call_with_a_status_and_trailers(bool atOnce)
    {
        await using var server = await TestServer.StartAsync(OfUnary(async (_, _) =>
        {
            if (!atOnce) await Task.Yield();
            throw new GrpcException(GrpcStatusCode.FailedPrecondition, "100% größer – 日本 🙂\r\n", new() { { "reason", "closed" }, { "detail-bin", [0, 1, 255] } });
        }));
        var failure = await server.Channel.UnaryAsync(Unary, Text("")).Fails();

        Assert.Equal(new(GrpcStatusCode.FailedPrecondition, "100% größer – 日本 🙂\r\n"), failure.Status);
        Assert.Equal("closed", failure.Trailers.Get("reason"));
        Assert.Equal([0, 1, 255], failure.Trailers.GetBytes("detail-bin"));
    }

    [Fact]
    public async Task What_else_a_handler_throws_is_logged_and_leaks_nothing()
    {
        await using var server = await TestServer.StartAsync(OfUnary((_, _) => throw new InvalidOperationException("/secret/path")));
        var failure = await server.Channel.UnaryAsync(Unary, Text("")).Fails();

        Assert.Equal(GrpcStatusCode.Unknown, failure.Status.Code);
        Assert.DoesNotContain("secret", failure.ToString());
        Assert.Equal("/secret/path", Assert.Single(server.Logs.Entries).Exception?.Message);
    }

    [Fact]
    public async Task A_handler_that_answers_nothing_is_UNKNOWN()
    {
        await using var server = await TestServer.StartAsync(OfUnary((_, _) => new((Google.Protobuf.WellKnownTypes.StringValue)null!)));
        Assert.Equal(GrpcStatusCode.Unknown, (await server.Channel.UnaryAsync(Unary, Text("")).Fails()).Status.Code);
    }

    [Fact]
    public async Task Metadata_travels_both_ways()
    {
        await using var server = await TestServer.StartAsync(OfUnary((request, call) =>
        {
            Assert.Null(call.Header("absent"));
            call.ResponseHeaders.Add("ahead", call.Header("x-token") ?? "");
            call.ResponseHeaders.Add("ahead", "twice");
            call.ResponseTrailers.Add("behind-bin", call.RequestHeaders.GetBytes("x-bytes-bin")!);
            return new(Text(string.Join(' ', call.RequestHeaders.Where(entry => entry.Key.StartsWith("x-")).Select(entry => entry.Key))));
        }));
        var metadata = new GrpcMetadata { { "X-Token", "a b" }, { "x-bytes-bin", [1, 2, 3, 4] } };
        var response = await server.Channel.UnaryResponseAsync(Unary, Text(""), new() { Metadata = metadata }).Happens();

        Assert.Equal("x-token x-bytes-bin", response.Message.Value);
        Assert.Equal(["a b", "twice"], response.Headers.GetAll("ahead").Select(entry => entry.Value));
        Assert.Equal([1, 2, 3, 4], response.Trailers.GetBytes("behind-bin"));
    }

    [Fact]
    public async Task A_channels_metadata_goes_with_every_call()
    {
        await using var server = await TestServer.StartAsync(OfUnary((_, call) => new(Text(call.Header("x-tenant") + call.Peer))));
        using var channel = new GrpcChannel(new() { Address = server.Address, Metadata = new() { { "x-tenant", "blue" } } });
        Assert.StartsWith("blue127.0.0.1:", (await channel.UnaryAsync(Unary, Text("")).Happens()).Value);
    }

    [Fact]
    public async Task A_delegating_handler_sees_the_call()
    {
        await using var server = await TestServer.StartAsync(OfUnary((_, call) => new(Text(call.Header("x-added") ?? ""))));
        using var handler = new AddingHandler { InnerHandler = new SocketsHttpHandler() };
        using var channel = new GrpcChannel(new() { Address = server.Address, HttpMessageHandler = handler });
        Assert.Equal("yes", (await channel.UnaryAsync(Unary, Text("")).Happens()).Value);
    }

    sealed class AddingHandler : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add("x-added", "yes");
            return base.SendAsync(request, cancellationToken);
        }
    }
}
