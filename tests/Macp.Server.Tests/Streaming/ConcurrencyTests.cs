using Google.Protobuf;
using Macp.Wire.Modes.Decision.V1;
using Macp.Wire.V1;

namespace Macp.Server.Tests;

/// <summary>Streams beside writers: nothing lost, nothing twice, one order.</summary>
public sealed class ConcurrencyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Subscribers_that_come_stall_go_and_resume_beside_64_writers_get_the_history_from_their_place(int seed)
    {
        const int Writers = 64, Each = 12;
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync(start => start.Participants.Add(Enumerable.Range(0, Writers).Select(w => $"w{w}")));
        await runtime.AcceptsAsync("alice", Envelopes.Proposal(session));
        int accepted = 0;
        var writers = Task.WhenAll(Enumerable.Range(0, Writers).Select(w => Task.Run(async () =>
        {
            for (int i = 0; i < Each; i++)
            {
                await runtime.AcceptsAsync($"w{w}", Reasoned(session, $"w{w} {i}", i % 4 == 0 ? 3000 : 100));
                Interlocked.Increment(ref accepted);
            }
        })));
        async Task StallAsync(int messages)
        {
            for (int until = Volatile.Read(ref accepted) + messages; !writers.IsCompleted && Volatile.Read(ref accepted) < until;) await Task.Delay(1);
        }
        var readers = Enumerable.Range(0, 6).Select(n => Task.Run(() => WanderAsync(runtime, session, new(seed * 100 + n), StallAsync))).ToArray();
        await writers.Happens();
        await runtime.AcceptsAsync("ini", Envelopes.Commitment(session, id: "c"));

        var history = await ReadToEndAsync(runtime, session, 0);

        Assert.Equal("c", history[^1].MessageId);
        Assert.Equal(Writers * Each + 3, history.Count);
        foreach (var sent in history.Skip(2).SkipLast(1).GroupBy(e => e.Sender))
            Assert.Equal(Enumerable.Range(0, Each).Select(i => $"{sent.Key} {i}"), sent.Select(e => e.MessageId));
        Assert.All((await Task.WhenAll(readers).Happens()).SelectMany(streams => streams), stream =>
            Assert.Equal(history.Skip(stream.After).Take(stream.Seen.Count), stream.Seen));
        Assert.All(readers, reader => Assert.Equal(history.Count, reader.Result[^1].After + reader.Result[^1].Seen.Count));
    }

    [Fact]
    public async Task In_64_sessions_at_once_every_burst_reaches_its_own_stream_though_nothing_follows_it()
    {
        await using var runtime = await TestRuntime.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 64).Select(n => Task.Run(async () =>
        {
            string session = await runtime.DeliberateAsync();
            await using var stream = runtime.Stream("bob");
            await stream.SubscribeAsync(session, 2);
            for (int round = 0; round < 10; round++)
            {
                var burst = Enumerable.Range(0, 5).Select(i => Reasoned(session, $"{round} {i}", n)).ToList();
                foreach (var envelope in burst) await stream.SendAsync(envelope);
                // Were a wake-up missed, the next message would make it good; there is none before all of these have come.
                foreach (var envelope in burst) Assert.Equal(envelope.With(e => e.Sender = "bob"), await stream.DeliversAsync(envelope.MessageId));
            }
            await runtime.AcceptsAsync("ini", Envelopes.Commitment(session, id: "c"));
            await stream.DeliversAsync("c");
            await stream.EndsAsync();
        }))).Happens();
    }

    [Fact]
    public async Task A_reader_that_resumes_again_and_again_misses_nothing_and_sees_nothing_twice()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        var writer = Task.Run(async () =>
        {
            for (int i = 0; i < 500; i++) await runtime.AcceptsAsync("alice", Envelopes.Evaluation(session, id: $"{i}"));
            await runtime.AcceptsAsync("ini", Envelopes.Commitment(session));
        });
        var seen = new List<string>();
        for (bool ended = false; !ended;)
        {
            await using var stream = runtime.Stream("bob");
            await stream.SubscribeAsync(session, (ulong)seen.Count);
            for (int i = 0; i < 40 && !ended; i++)
            {
                var next = await stream.NextAsync();
                if (next is null) ended = true;
                else seen.Add(next.Envelope.MessageId);
            }
        }
        await writer.Happens();
        Assert.Equal(503, seen.Count);
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"{i}"), seen.Skip(2).SkipLast(1));
    }

    [Fact]
    public async Task A_stream_that_replaces_its_subscription_while_messages_arrive_ends_with_everything()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        await using var stream = runtime.Stream("bob");
        var reader = Task.Run(() => stream.RestAsync());
        for (int i = 0; i < 300; i++)
        {
            await runtime.AcceptsAsync("alice", Envelopes.Evaluation(session, id: $"{i}"));
            if (i % 20 == 0) await stream.SubscribeAsync(session, i % 40 == 0 ? ulong.MaxValue : 2);
        }
        await stream.SubscribeAsync(session, 2);
        await stream.SendAsync(Envelopes.Evaluation(session, id: "last"));
        await stream.CompleteAsync();
        var seen = (await reader.Happens()).Select(e => e.MessageId).ToList();
        Assert.Equal([.. Enumerable.Range(0, 300).Select(i => $"{i}"), "last"], seen.TakeLast(301));
        // Within one subscription the order is the history's; a new one only ever goes back.
        Assert.All(seen.Zip(seen.Skip(1)).Where(p => p.Second is not ("0" or "last")), p => Assert.Equal(int.Parse(p.First) + 1, int.Parse(p.Second)));
    }

    [Fact]
    public async Task A_slow_reader_loses_nothing_of_ten_thousand_messages()
    {
        await using var runtime = await TestRuntime.StartAsync(new() { MessageLimitPerMinute = int.MaxValue });
        string session = await runtime.DeliberateAsync();
        await using var stream = runtime.Stream("bob");
        await stream.SubscribeAsync(session, 2);
        await using var writer = runtime.Stream("alice");
        var echoes = Task.Run(() => writer.RestAsync());
        var payload = new EvaluationPayload { ProposalId = "p1", Recommendation = "APPROVE", Reason = new('x', 200) }.ToByteString();
        for (int i = 0; i < 10_000; i++) await writer.SendAsync(Envelopes.Of(session, "Evaluation", id: $"{i}").With(e => e.Payload = payload));
        await writer.CompleteAsync();
        Assert.Equal(10_000, (await echoes.WaitAsync(TimeSpan.FromMinutes(2))).Count);

        // Nothing was read so far: the windows of the connection have long been full.
        for (int i = 0; i < 10_000; i++) await stream.DeliversAsync($"{i}");
    }

    [Fact]
    public async Task Streams_that_clients_reset_leave_the_runtime_as_it_was()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        for (int i = 0; i < 300; i++) // more than a connection may have at a time
        {
            await using var stream = runtime.Stream("bob");
            await stream.SubscribeAsync(session, 1);
            await stream.NextAsync();
        }
        await runtime.AcceptsAsync("ini", Envelopes.Commitment(session));
        Assert.Equal(3, (await ReadToEndAsync(runtime, session, 0)).Count);
    }

    /// <summary>
    /// Reads a session in streams that end wherever chance has it, by a reset or a half-close; each begins where the reader stands, or further back.
    /// Answers what each brought, the last one up to the end of the session.
    /// </summary>
    static async Task<List<(int After, List<Envelope> Seen)>> WanderAsync(TestRuntime runtime, string session, Random random, Func<int, Task> stall)
    {
        var streams = new List<(int After, List<Envelope> Seen)>();
        int known = 0;
        for (bool ended = false; !ended;)
        {
            var (after, seen) = (random.Next(2) == 0 ? known : random.Next(known + 1), new List<Envelope>());
            streams.Add((after, seen));
            await using var stream = runtime.Stream("bob");
            await stream.SubscribeAsync(session, (ulong)after);
            for (int wanted = random.Next(200); !ended && seen.Count < wanted;)
            {
                if (random.Next(50) == 0) await stall(random.Next(100));
                if (await stream.NextAsync() is { } next) seen.Add(next.Envelope);
                else ended = true;
            }
            if (!ended && random.Next(2) == 0)
            {
                await stream.CompleteAsync();
                seen.AddRange(await stream.RestAsync());
            }
            known = Math.Max(known, after + seen.Count);
        }
        return streams;
    }

    static Envelope Reasoned(string session, string id, int length) => Envelopes.Of(session, "Evaluation",
        new EvaluationPayload { ProposalId = "p1", Recommendation = "APPROVE", Confidence = 0.5, Reason = id.PadRight(length, '.') }, id);

    static async Task<List<Envelope>> ReadToEndAsync(TestRuntime runtime, string session, ulong after)
    {
        await using var stream = runtime.Stream("bob");
        await stream.SubscribeAsync(session, after);
        return await stream.RestAsync();
    }
}
