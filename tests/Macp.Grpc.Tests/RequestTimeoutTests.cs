using static Macp.Grpc.Tests.Methods;

namespace Macp.Grpc.Tests;

/// <summary>The server's own limit on a call's time: on requests that come slowly, and on answers.</summary>
public sealed class RequestTimeoutTests
{
    static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);
    static readonly GrpcStatus s_passed = new(GrpcStatusCode.DeadlineExceeded, "The server's limit of 30 seconds for a request has passed.");

    [Fact]
    public async Task A_handler_that_takes_longer_is_answered_for_and_its_token_fires()
    {
        var time = new FakeTime();
        var (entered, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await StartAsync(time, OfUnary(async (request, call) =>
        {
            using var registration = call.CancellationToken.Register(cancelled.SetResult);
            entered.SetResult();
            await cancelled.Task;
            return request;
        }));
        var call = server.Channel.UnaryAsync(Unary, Text(""));
        await entered.Task.Happens();
        time.Advance(s_limit - TimeSpan.FromMilliseconds(1));
        Assert.False(cancelled.Task.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(s_passed, (await call.Fails()).Status);
        await cancelled.Task.Happens();
        Assert.Equal(0, time.Timers);
    }

    [Fact]
    public async Task A_handler_that_never_asks_for_its_token_is_answered_for_too()
    {
        var time = new FakeTime();
        var release = new TaskCompletionSource();
        await using var server = await StartAsync(time, OfUnary(async (request, _) =>
        {
            await release.Task;
            return request;
        }));
        var call = server.Channel.UnaryAsync(Unary, Text(""));
        await time.Armed.Happens();
        time.Advance(s_limit);
        Assert.Equal(s_passed, (await call.Fails()).Status);
        release.SetResult();
        Assert.Empty(server.Logs.Entries);
    }

    [Theory]
    [InlineData(10, 10, "The deadline has passed.")]
    [InlineData(60, 30, "The server's limit of 30 seconds for a request has passed.")]
    public async Task The_earlier_of_deadline_and_limit_ends_a_call(int deadlineSeconds, int passing, string text)
    {
        var time = new FakeTime();
        var release = new TaskCompletionSource();
        await using var server = await StartAsync(time, OfUnary(async (request, _) =>
        {
            await release.Task;
            return request;
        }));
        var call = server.Channel.UnaryAsync(Unary, Text(""), new() { Timeout = TimeSpan.FromSeconds(deadlineSeconds) });
        await time.HasAsync(deadlineSeconds > 30 ? 2 : 1);
        time.Advance(TimeSpan.FromSeconds(passing));
        Assert.Equal(new(GrpcStatusCode.DeadlineExceeded, text), (await call.Fails()).Status);
        release.SetResult();
    }

    [Fact]
    public async Task An_answer_at_once_takes_no_timer_and_one_that_waited_leaves_none()
    {
        var time = new FakeTime();
        bool waits = false;
        await using var server = await StartAsync(time, OfUnary(async (request, _) =>
        {
            if (waits) await time.Armed;
            return request;
        }));
        await server.Channel.UnaryAsync(Unary, Text("")).Happens(); // the first request of a connection may come in two pieces
        waits = true;
        await server.Channel.UnaryAsync(Unary, Text("")).Happens();
        await time.HasAsync(0);
    }

    [Theory]
    [InlineData("Unary")]
    [InlineData("Responses")]
    public async Task A_request_that_trickles_in_ends_with_the_limit(string method)
    {
        var time = new FakeTime();
        await using var server = await StartAsync(time, Echo);
        var (body, rest) = HeldContent.Of(RawCall.Frame([10, 1, (byte)'x']), 6);
        var answer = server.PostAsync(Of(method).Path, body);
        await time.Armed.Happens();
        time.Advance(s_limit);
        Assert.Equal(("4", s_passed.Detail), ((await answer.Happens()).Status, (await answer).Message));
        rest.SetResult();
    }

    [Fact]
    public async Task A_stream_that_has_its_request_may_take_as_long_as_it_likes()
    {
        var time = new FakeTime();
        var (entered, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await StartAsync(time, OfStream(async (request, responses, _) =>
        {
            entered.SetResult();
            await release.Task;
            await responses.WriteAsync(request);
        }));
        var texts = StreamingTests.Texts(server.Channel.ServerStreaming(Responses, Text("late")));
        await entered.Task.Happens();
        time.Advance(TimeSpan.FromHours(1));
        release.SetResult();
        Assert.Equal(["late"], await texts.Happens());
    }

    [Fact]
    public async Task A_duplex_stream_may_be_silent_between_its_messages()
    {
        var time = new FakeTime();
        await using var server = await StartAsync(time, Echo);
        await using var call = server.Channel.Duplex(Duplex);
        foreach (string text in new[] { "one", "two" })
        {
            await call.WriteAsync(Text(text));
            Assert.Equal(text, (await call.ReadAsync().Happens())?.Value);
            time.Advance(TimeSpan.FromHours(1));
        }
        await call.CompleteAsync();
        Assert.Null(await call.ReadAsync().Happens());
    }

    [Theory]
    [InlineData(3)] // within the prefix
    [InlineData(6)] // within the message
    public async Task A_duplex_stream_that_stops_within_a_message_ends_with_the_limit(int sent)
    {
        var time = new FakeTime();
        await using var server = await StartAsync(time, Echo);
        var (body, rest) = HeldContent.Of(RawCall.Frame([10, 1, (byte)'x']), sent);
        var answer = server.PostAsync(Duplex.Path, body);
        await time.Armed.Happens();
        time.Advance(s_limit);
        Assert.Equal("4", (await answer.Happens()).Status);
        rest.SetResult();
    }

    [Fact]
    public async Task A_message_that_is_whole_in_time_counts_no_more_though_its_reader_had_given_up_once()
    {
        var time = new FakeTime();
        await using var server = await StartAsync(time, OfDuplex(async (requests, responses, _) =>
        {
            using var source = new CancellationTokenSource();
            var read = requests.ReadAsync(source.Token).AsTask();
            await time.Armed;
            source.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
            await responses.WriteAsync((await requests.ReadAsync())!);
            time.Advance(TimeSpan.FromHours(1));
            Assert.Null(await requests.ReadAsync());
        }));
        var (body, rest) = HeldContent.Of(RawCall.Frame([10, 1, (byte)'x']), 6);
        var answer = server.PostAsync(Duplex.Path, body);
        await time.Armed.Happens();
        time.Advance(s_limit / 2);
        rest.SetResult();
        Assert.Equal("0", (await answer.Happens()).Status);
    }

    static Task<TestServer> StartAsync(FakeTime time, GrpcService service) =>
        TestServer.StartAsync(new GrpcServerOptions { TimeProvider = time, RequestTimeout = s_limit }, service);
}
