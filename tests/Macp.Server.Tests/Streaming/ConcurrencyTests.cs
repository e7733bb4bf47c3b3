using Google.Protobuf;
using Macp.Wire.Modes.Decision.V1;

namespace Macp.Server.Tests;

/// <summary>Streams beside writers: nothing lost, nothing twice, one order.</summary>
public sealed class ConcurrencyTests
{
    [Fact]
    public async Task Subscribers_that_come_while_messages_arrive_see_each_once_and_agree_on_the_order()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        var writers = Task.WhenAll(((string[])["alice", "bob", "carol"]).Select(sender => Task.Run(async () =>
        {
            for (int i = 0; i < 300; i++) await runtime.AcceptsAsync(sender, Envelopes.Evaluation(session, id: $"{sender}{i}"));
        })));
        var readers = Enumerable.Range(0, 6).Select(n => Task.Run(() => ReadToEndAsync(runtime, session, n % 2 == 0 ? 0ul : 2ul))).ToArray();
        await writers.Happens();
        await runtime.AcceptsAsync("ini", Envelopes.Commitment(session, id: "c"));

        var seen = await Task.WhenAll(readers).Happens();

        var all = seen[0];
        Assert.Equal(903, all.Count);
        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.Equal("c", all[^1]);
        Assert.All(seen, s => Assert.Equal(all.TakeLast(s.Count), s));
        Assert.All(seen[1..], s => Assert.InRange(s.Count, 901, 903));
        foreach (string sender in (string[])["alice", "bob", "carol"])
            Assert.Equal(Enumerable.Range(0, 300).Select(i => $"{sender}{i}"), all.Where(id => id.StartsWith(sender, StringComparison.Ordinal)));
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

    static async Task<List<string>> ReadToEndAsync(TestRuntime runtime, string session, ulong after)
    {
        await using var stream = runtime.Stream("bob");
        await stream.SubscribeAsync(session, after);
        return [.. (await stream.RestAsync()).Select(e => e.MessageId)];
    }
}
