using System.Collections.Concurrent;
using Macp.Protocol;

namespace Macp.Client.Tests;

/// <summary>Waits, by predicates that are their author's code and do what they like.</summary>
public class WaitingTests
{
    static readonly FollowOptions Quietly = new() { StateCheck = Timeout.InfiniteTimeSpan };

    readonly string _id = SessionIds.New();
    readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task A_wait_ends_with_the_message_that_fulfils_it_before_the_next_one_is_applied()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(MacpAuth.DevAgent("alice"));
        await using var session = new NoteSession(client, new() { SessionId = _id });
        Serve(runtime, "one", "two", "three");
        await session.AttachAsync(Quietly);

        // True for one message only: whoever asked later would never see it.
        var two = session.WaitForAsync(p => p.Notes.Count == 2);
        var three = session.WaitForAsync("three");
        var broken = session.WaitForAsync(p => p.Notes.Count == 1 ? throw new InvalidOperationException("the author's own") : false);
        using var source = new CancellationTokenSource();
        var left = session.WaitForAsync(p => p.Notes.Count == 99, source.Token);
        _go.SetResult();

        await two;
        await three;
        await session.WaitForAsync(p => p.Notes.Count == 3);
        Assert.Equal("the author's own", (await Assert.ThrowsAsync<InvalidOperationException>(() => broken)).Message);
        await source.CancelAsync();
        Assert.Equal(source.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left)).CancellationToken);
    }

    [Fact]
    public async Task A_predicate_that_ends_its_own_wait_hides_nothing_from_the_next_one()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(MacpAuth.DevAgent("alice"));
        await using var session = new NoteSession(client, new() { SessionId = _id });
        Serve(runtime, "one", "two");
        await session.AttachAsync(Quietly);
        using var source = new CancellationTokenSource();
        var leaving = session.WaitForAsync(p =>
        {
            if (p.Notes.Count == 1) source.Cancel();
            return false;
        }, source.Token);
        var one = session.WaitForAsync(p => p.Notes.Count == 1);

        _go.SetResult();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        await one.Happens();
    }

    [Fact]
    public async Task A_predicate_may_wait_for_somebody_who_asks_the_session()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(MacpAuth.DevAgent("alice"));
        await using var session = new NoteSession(client, new() { SessionId = _id });
        Serve(runtime, "one");
        await session.AttachAsync(Quietly);
        var heard = new ConcurrentQueue<SessionState>();
        var one = session.WaitForAsync(p =>
        {
            // As an agent does that holds its own lock while it asks.
            if (p.Notes.Count == 1 && Task.Run(() => session.State).Wait(TimeSpan.FromSeconds(10))) heard.Enqueue(session.State);
            return p.Notes.Count == 1;
        });

        _go.SetResult();

        await one.Happens();
        Assert.Equal(SessionState.Open, Assert.Single(heard));
    }

    [Fact]
    public async Task A_wait_that_begins_within_a_predicate_is_one_like_any_other()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(MacpAuth.DevAgent("alice"));
        await using var session = new NoteSession(client, new() { SessionId = _id });
        Serve(runtime, "one", "two");
        await session.AttachAsync(Quietly);
        Task? inner = null;
        var one = session.WaitForAsync(p =>
        {
            if (p.Notes.Count != 1) return false;
            inner ??= session.WaitForAsync(q => q.Notes.Count == 2);
            return true;
        });

        _go.SetResult();

        await one.Happens();
        await inner!.Happens();
    }

    void Serve(FakeRuntime runtime, params string[] notes) => runtime.OnStream = async (requests, responses, call) =>
    {
        await requests.ReadAsync();
        await responses.WriteAsync(new() { Envelope = Notes.Start(_id, "bob", "alice", "bob") });
        await _go.Task;
        foreach (string note in notes) await responses.WriteAsync(new() { Envelope = Notes.Note(_id, "bob", note) });
        await Task.Delay(Timeout.Infinite, call.CancellationToken);
    };
}
