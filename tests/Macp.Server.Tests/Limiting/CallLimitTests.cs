using System.Net;
using Macp.Grpc;
using Macp.Runtime;
using Macp.Server.Authentication;
using Macp.Wire.V1;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Server.Tests;

/// <summary>Calls that wait: for how long, how many of a connection, and for whom besides nobody has to wait.</summary>
public sealed class CallLimitTests
{
    const string DeadlineExceeded = "4";

    [Fact]
    public async Task A_call_whose_answer_takes_longer_than_the_limit_ends_with_it()
    {
        await using var runtime = await TestRuntime.StartAsync(configure: services => services.AddSingleton<IHistory>(new StuckHistory()));
        string session = await runtime.OpenAsync(start => start.TtlMs = 86_400_000);
        var stuck = runtime.Channel.UnaryAsync(Rpc.Send, new() { Envelope = Envelopes.Proposal(session, StuckHistory.Word) }, Rpc.As("alice"));
        await EndsAsync(runtime, stuck);
        Assert.Equal("The server's limit of 30 seconds for a request has passed.", await stuck.FailsWith(GrpcStatusCode.DeadlineExceeded));
    }

    [Theory]
    [InlineData("Send")]
    [InlineData("WatchSessions")]
    [InlineData("StreamSession")]
    public async Task A_request_that_is_never_whole_ends_with_the_limit(string method)
    {
        await using var runtime = await TestRuntime.StartAsync();
        var halfSent = new TaskCompletionSource();
        var status = runtime.StatusOfAsync(method, new HalfContent(RawCall.Frame([1, 2, 3, 4]), halfSent.Task));
        await EndsAsync(runtime, status);
        Assert.Equal(DeadlineExceeded, await status);
        halfSent.SetResult();
    }

    [Fact]
    public async Task Streams_and_watches_that_are_open_outlive_the_limit_in_silence()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync(start => start.TtlMs = 86_400_000);
        await using var stream = runtime.Stream("bob");
        await stream.SubscribeAsync(session);
        Assert.NotNull(await stream.NextAsync());
        await using var watch = await runtime.WatchAsync(Rpc.WatchSignals, "bob");
        runtime.Time.Advance(TimeSpan.FromHours(1));

        await runtime.AcceptsAsync("alice", Envelopes.Proposal(session, id: "late"));
        await stream.DeliversAsync("late");
        await runtime.AcceptsAsync("alice", Envelopes.Progress());
        Assert.Equal("Progress", (await watch.NextAsync()).Envelope.MessageType);
    }

    [Fact]
    public async Task Calls_beyond_the_limit_of_a_connection_wait_and_those_of_others_do_not()
    {
        var (calls, known) = (new OpenCalls(), new TaskCompletionSource());
        await using var runtime = await TestRuntime.StartAsync(
            configure: services => services.AddSingleton<IAuthenticator>(new Hanging(known.Task)).AddSingleton<IStartupFilter>(calls),
            server: options => options with { MaxConcurrentCalls = 2 });
        // Not open yet, so they count.
        await using var first = runtime.Stream("stuck");
        await using var second = runtime.Stream("stuck");
        await calls.BecomesAsync(2);
        var third = runtime.SendAsync("alice", Envelopes.Progress());
        await calls.BecomesAsync(3);

        using (var another = new GrpcChannel(new() { Address = runtime.Host.Address }))
            Assert.True((await another.UnaryAsync(Rpc.Send, new() { Envelope = Envelopes.Progress() }, Rpc.As("alice")).Happens()).Ack.Ok);
        Assert.False(third.IsCompleted);

        known.SetResult(); // both streams are open now, and count no more
        Assert.True((await third).Ok);
    }

    [Fact]
    public async Task Nobody_waits_for_a_sender_whose_calls_hang_in_the_authenticator()
    {
        await using var runtime = await TestRuntime.StartAsync(configure: services => services.AddSingleton<IAuthenticator>(new Hanging(Task.Delay(Timeout.Infinite))));
        string session = await runtime.OpenAsync();
        var stuck = Task.WhenAll(Enumerable.Range(0, 100).Select(_ => SendAsync(runtime.Channel, "stuck", Envelopes.Progress())));
        await OthersSendAsync(runtime, session);

        await EndsAsync(runtime, stuck);
        await stuck.FailsWith(GrpcStatusCode.DeadlineExceeded);
        await runtime.AcceptsAsync("alice", Envelopes.Progress()); // the hanging calls' tokens fired, and they went
    }

    [Fact]
    public async Task Nobody_waits_for_a_sender_whose_messages_do_not_become_durable()
    {
        await using var runtime = await TestRuntime.StartAsync(configure: services => services.AddSingleton<IHistory>(new StuckHistory()));
        string session = await runtime.OpenAsync(), other = await runtime.OpenAsync();
        using var own = new GrpcChannel(new() { Address = runtime.Host.Address });
        var stuck = Task.WhenAll(Enumerable.Range(0, 100).Select(i => SendAsync(own, "alice", Envelopes.Proposal(other, StuckHistory.Word + i))));
        await OthersSendAsync(runtime, session);

        Assert.False(stuck.IsCompleted);
        await EndsAsync(runtime, stuck);
        await stuck.FailsWith(GrpcStatusCode.DeadlineExceeded);
    }

    /// <summary>Twenty senders on connections of their own, each with a message to the session and one beside it.</summary>
    static Task OthersSendAsync(TestRuntime runtime, string session) => Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
    {
        using var channel = new GrpcChannel(new() { Address = runtime.Host.Address });
        string sender = i % 2 == 0 ? "bob" : "carol";
        Assert.True((await SendAsync(channel, sender, Envelopes.Proposal(session, $"p{i}")).Happens()).Ack.Ok);
        Assert.True((await SendAsync(channel, $"somebody {i}", Envelopes.Progress()).Happens()).Ack.Ok);
    }));

    static Task<SendResponse> SendAsync(GrpcChannel channel, string sender, Envelope envelope) =>
        channel.UnaryAsync(Rpc.Send, new() { Envelope = envelope }, Rpc.As(sender));

    /// <summary>Moves the clock, again for calls that came meanwhile, until all have ended.</summary>
    static async Task EndsAsync(TestRuntime runtime, Task calls)
    {
        for (int i = 0; !calls.IsCompleted && i < 1000; i++)
        {
            await Task.Delay(20);
            runtime.Time.Advance(TimeSpan.FromSeconds(10));
        }
    }

    /// <summary>Everybody is known by the name they bring, "stuck" only once the test says so, or its call is over.</summary>
    sealed class Hanging(Task known) : IAuthenticator
    {
        public async ValueTask<Identity?> AuthenticateAsync(GrpcServerCall call)
        {
            string name = call.Header("authorization")!["Bearer ".Length..];
            if (name == "stuck") await known.WaitAsync(call.CancellationToken);
            return new(name);
        }
    }

    /// <summary>Of this body everything but the last byte is sent.</summary>
    sealed class HalfContent(byte[] body, Task rest) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(body.AsMemory(..^1));
            await stream.FlushAsync();
            await rest;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
