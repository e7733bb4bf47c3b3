using static Macp.Grpc.Tests.Methods;

namespace Macp.Grpc.Tests;

/// <summary>Calls that end otherwise than by their handler's return: deadlines, cancellation, shutdown.</summary>
public sealed class EndingTests
{
    static readonly GrpcCallOptions s_minute = new() { Timeout = TimeSpan.FromMinutes(1) };

    [Fact]
    public async Task A_deadline_reaches_the_handler()
    {
        var time = new FakeTime();
        DateTimeOffset? deadline = null;
        await using var server = await TestServer.StartAsync(new GrpcServerOptions { TimeProvider = time }, OfUnary((request, call) =>
        {
            deadline = call.Deadline;
            return new(request);
        }));
        await server.Channel.UnaryAsync(Unary, Text(""), s_minute).Happens();
        Assert.Equal(DateTimeOffset.UnixEpoch.AddMinutes(1), deadline);
        await server.Channel.UnaryAsync(Unary, Text("")).Happens();
        Assert.Null(deadline);
        Assert.Equal(0, time.Timers);
    }

    [Theory]
    [InlineData("Unary")]
    [InlineData("Responses")]
    [InlineData("Duplex")]
    public async Task A_handler_that_ignores_its_deadline_is_answered_for_at_once(string kind)
    {
        var time = new FakeTime();
        var release = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(new GrpcServerOptions { TimeProvider = time }, new GrpcService(Service)
            .Unary(Unary, async (request, _) =>
            {
                await release.Task;
                return request;
            })
            .ServerStreaming(Responses, async (request, responses, _) =>
            {
                await responses.WriteAsync(request);
                await release.Task;
            })
            .Duplex(Duplex, (_, _, _) => release.Task));
        var call = Call(server, kind, s_minute);
        await time.Armed.Happens();
        time.Advance(TimeSpan.FromMinutes(1));

        var failure = await call.Fails();
        Assert.Equal(new(GrpcStatusCode.DeadlineExceeded, "The deadline has passed."), failure.Status);
        Assert.Null(failure.InnerException); // the server said so, not the client's own clock
        release.SetResult();
    }

    [Fact]
    public async Task A_handler_that_goes_on_after_its_deadline_can_write_no_more()
    {
        var time = new FakeTime();
        var (entered, late) = (new TaskCompletionSource(), new TaskCompletionSource<Exception?>());
        await using var server = await TestServer.StartAsync(new GrpcServerOptions { TimeProvider = time }, OfStream(async (request, responses, call) =>
        {
            var expired = new TaskCompletionSource();
            using var registration = call.CancellationToken.Register(expired.SetResult);
            entered.SetResult();
            await expired.Task;
            late.SetResult(await Record.ExceptionAsync(() => responses.WriteAsync(request).AsTask()));
            await responses.FlushAsync();
        }));
        var call = Call(server, "Responses", s_minute);
        await entered.Task.Happens(); // a deadline that passes before the request is read runs no handler
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(GrpcStatusCode.DeadlineExceeded, (await call.Fails()).Status.Code);
        Assert.IsAssignableFrom<OperationCanceledException>(await late.Task.Happens());
        Assert.Empty(server.Logs.Entries);
    }

    [Fact]
    public async Task A_deadline_ends_a_request_that_never_comes()
    {
        var time = new FakeTime();
        await using var server = await TestServer.StartAsync(new GrpcServerOptions { TimeProvider = time }, Echo);
        await using var call = server.Channel.Duplex(Unary, s_minute);
        await time.Armed.Happens();
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, (await call.ReadAsync().Fails()).Status.Code);
    }

    [Fact]
    public async Task A_deadline_that_has_passed_already_runs_no_handler()
    {
        bool ran = false;
        await using var server = await TestServer.StartAsync(OfUnary((request, _) =>
        {
            ran = true;
            return new(request);
        }));
        var answer = await server.PostAsync(Unary.Path, RawCall.Frame([]), request => request.Headers.Add("grpc-timeout", "0n"));
        Assert.Equal("4", answer.Status);
        Assert.False(ran);
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, (await server.Channel.UnaryAsync(Unary, Text(""), new() { Timeout = TimeSpan.Zero }).Fails()).Status.Code);
    }

    [Theory]
    [InlineData("Unary")]
    [InlineData("Responses")]
    [InlineData("Duplex")]
    public async Task The_client_keeps_its_deadline_itself(string kind)
    {
        var time = new FakeTime();
        var entered = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(Waiting(entered));
        using var channel = new GrpcChannel(new() { Address = server.Address, TimeProvider = time });
        var call = Call(channel, kind, s_minute);
        await entered.Task.Happens();
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, (await call.Fails()).Status.Code);
    }

    [Fact]
    public async Task A_duplex_read_without_a_token_of_its_own_ends_with_the_calls_deadline_and_token()
    {
        var time = new FakeTime();
        await using var server = await TestServer.StartAsync(OfDuplex(async (_, responses, call) =>
        {
            await responses.WriteAsync(Text("headers, and a message"));
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
        }));
        using var channel = new GrpcChannel(new() { Address = server.Address, TimeProvider = time });
        using var source = new CancellationTokenSource();
        await using var timed = channel.Duplex(Duplex, s_minute);
        await using var cancelled = channel.Duplex(Duplex, null, source.Token);
        Assert.NotNull(await timed.ReadAsync().Happens());
        Assert.NotNull(await cancelled.ReadAsync().Happens());
        var (late, given) = (timed.ReadAsync().AsTask(), cancelled.ReadAsync().AsTask());

        time.Advance(TimeSpan.FromMinutes(1));
        source.Cancel();

        Assert.Equal(GrpcStatusCode.DeadlineExceeded, (await late.Fails()).Status.Code);
        Assert.Equal(source.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given.Happens())).CancellationToken);
    }

    [Theory]
    [InlineData("Unary")]
    [InlineData("Responses")]
    [InlineData("Duplex")]
    public async Task A_client_that_cancels_fires_the_handlers_token(string kind)
    {
        var (entered, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await TestServer.StartAsync(Waiting(entered, cancelled));
        using var source = new CancellationTokenSource();
        var call = Call(server, kind, null, source.Token);
        await entered.Task.Happens();
        source.Cancel();

        var failure = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Happens());
        Assert.Equal(source.Token, failure.CancellationToken);
        await cancelled.Task.Happens();
        Assert.Empty(server.Logs.Entries);
    }

    [Fact]
    public async Task Disposing_a_duplex_call_cancels_it()
    {
        var (entered, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await TestServer.StartAsync(Waiting(entered, cancelled));
        var call = server.Channel.Duplex(Duplex);
        await entered.Task.Happens();
        var read = call.ReadAsync();
        await call.DisposeAsync();
        await cancelled.Task.Happens();
        Assert.Equal(GrpcStatusCode.Cancelled, (await read.Fails()).Status.Code);
    }

    [Fact]
    public async Task Leaving_an_enumeration_cancels_the_call()
    {
        var cancelled = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(OfStream(async (request, responses, call) =>
        {
            call.CancellationToken.Register(cancelled.SetResult);
            while (true) await responses.WriteAsync(request, call.CancellationToken);
        }));
        await foreach (var _ in server.Channel.ServerStreaming(Responses, Text("x"))) break;
        await cancelled.Task.Happens();
    }

    [Fact]
    public async Task A_read_that_waits_on_the_server_ends_when_the_client_is_gone()
    {
        var ended = new TaskCompletionSource<Exception?>();
        await using var server = await TestServer.StartAsync(OfDuplex(async (requests, responses, _) =>
        {
            await responses.FlushAsync();
            ended.SetResult(await Record.ExceptionAsync(() => requests.ReadAsync().AsTask()));
        }));
        var call = server.Channel.Duplex(Duplex);
        await call.ResponseHeadersAsync().Happens();
        await call.DisposeAsync();
        Assert.IsAssignableFrom<OperationCanceledException>(await ended.Task.Happens());
    }

    [Fact]
    public async Task A_read_can_be_given_up_and_taken_up_again_on_the_server()
    {
        await using var server = await TestServer.StartAsync(OfDuplex(async (requests, responses, _) =>
        {
            using var source = new CancellationTokenSource();
            var read = requests.ReadAsync(source.Token).AsTask();
            source.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
            await responses.WriteAsync(Text("now"));
            await responses.WriteAsync((await requests.ReadAsync())!);
        }));
        await using var call = server.Channel.Duplex(Duplex);
        Assert.Equal("now", (await call.ReadAsync().Happens())?.Value);
        await call.WriteAsync(Text("kept"));
        Assert.Equal("kept", (await call.ReadAsync().Happens())?.Value);
    }

    [Fact]
    public async Task A_write_that_waits_can_be_given_up_and_its_message_arrives_all_the_same()
    {
        var blocked = new TaskCompletionSource();
        using var source = new CancellationTokenSource();
        await using var server = await TestServer.StartAsync(OfStream(async (_, responses, _) =>
        {
            try
            {
                while (true)
                {
                    // Far above every window, so that it waits until the reader reads.
                    var write = responses.WriteAsync(Text(new string('x', 40_000_000)), source.Token);
                    blocked.TrySetResult();
                    await write;
                }
            }
            catch (OperationCanceledException)
            {
                await responses.WriteAsync(Text("given up"));
            }
        }));
        using var channel = new GrpcChannel(new() { Address = server.Address, MaxReceiveMessageBytes = int.MaxValue });
        await using var responses = channel.ServerStreaming(Responses, Text("")).GetAsyncEnumerator();
        var first = responses.MoveNextAsync();
        await blocked.Task.Happens();
        source.Cancel();

        Assert.True(await first.Happens());
        var last = responses.Current.Value;
        for (int read = 1; await responses.MoveNextAsync().Happens(); read++) last = responses.Current.Value;
        Assert.Equal("given up", last);
    }

    [Theory]
    [InlineData("Responses")]
    [InlineData("Duplex")]
    public async Task A_stopping_host_ends_its_streams_with_UNAVAILABLE(string kind)
    {
        var entered = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(Waiting(entered));
        var call = Call(server, kind);
        await entered.Task.Happens();
        var stopped = server.StopAsync();
        Assert.Equal(new(GrpcStatusCode.Unavailable, "The server is stopping."), (await call.Fails()).Status);
        await stopped.Happens();
    }

    [Fact]
    public async Task A_stream_may_write_what_it_has_when_the_host_stops()
    {
        await using var server = await TestServer.StartAsync(OfDuplex(async (requests, responses, call) =>
        {
            await responses.WriteAsync(Text("before"));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => requests.ReadAsync().AsTask());
            await responses.WriteAsync(Text("last"));
            await responses.WriteAsync(Text("words"));
        }));
        await using var call = server.Channel.Duplex(Duplex);
        Assert.Equal("before", (await call.ReadAsync().Happens())?.Value);
        var stopped = server.StopAsync();
        Assert.Equal("last", (await call.ReadAsync().Happens())?.Value);
        Assert.Equal("words", (await call.ReadAsync().Happens())?.Value);
        Assert.Equal(GrpcStatusCode.Unavailable, (await call.ReadAsync().Fails()).Status.Code);
        await stopped.Happens();
    }

    [Fact]
    public async Task A_unary_call_completes_while_the_host_stops()
    {
        var (entered, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await TestServer.StartAsync(OfUnary(async (request, call) =>
        {
            entered.SetResult();
            await release.Task;
            return Text(call.CancellationToken.IsCancellationRequested ? "cancelled" : "done");
        }));
        var call = server.Channel.UnaryAsync(Unary, Text(""));
        await entered.Task.Happens();
        var stopped = server.StopAsync();
        release.SetResult();
        Assert.Equal("done", (await call.Happens()).Value);
        await stopped.Happens();
    }

    static GrpcService Waiting(TaskCompletionSource entered, TaskCompletionSource? cancelled = null)
    {
        async Task Wait(GrpcServerCall call)
        {
            var fired = new TaskCompletionSource();
            using var registration = call.CancellationToken.Register(fired.SetResult);
            entered.SetResult();
            await fired.Task;
            cancelled?.SetResult();
            call.CancellationToken.ThrowIfCancellationRequested();
        }

        return new GrpcService(Service)
            .Unary(Unary, async (request, call) =>
            {
                await Wait(call);
                return request;
            })
            .ServerStreaming(Responses, async (_, responses, call) =>
            {
                await responses.FlushAsync();
                await Wait(call);
            })
            .Duplex(Duplex, (_, _, call) => Wait(call));
    }

    static Task Call(TestServer server, string kind, GrpcCallOptions? options = null, CancellationToken cancellationToken = default) =>
        Call(server.Channel, kind, options, cancellationToken);

    static async Task Call(GrpcChannel channel, string kind, GrpcCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (kind == "Unary") await channel.UnaryAsync(Unary, Text(""), options, cancellationToken);
        if (kind == "Responses") await StreamingTests.Texts(channel.ServerStreaming(Responses, Text("x"), options, cancellationToken));
        if (kind != "Duplex") return;

        await using var call = channel.Duplex(Duplex, options, cancellationToken);
        await StreamingTests.Texts(call.ReadAllAsync(CancellationToken.None));
    }
}
