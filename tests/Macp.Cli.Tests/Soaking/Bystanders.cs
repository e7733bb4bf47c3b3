using Macp.Client;
using Macp.Wire.V1;

namespace Macp.Cli.Tests;

/// <summary>Follows a session across restarts and pauses: each item once, in order.</summary>
sealed class Following(Shifts shifts, string session, string token)
{
    readonly List<string> _items = [];
    readonly HashSet<string> _annotations = new(StringComparer.Ordinal);
    ulong _ordinal;

    public async Task<List<string>> ReadAsync()
    {
        while (!await shifts.AttachAsync(FollowAsync))
        {
            // Whoever went comes again, and begins behind what it has.
        }
        return _items;
    }

    async Task FollowAsync(Crew crew)
    {
        bool isAgain = _items.Count > 0;
        var once = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var item in crew[token].FollowSessionAsync(session, new() { AfterOrdinal = _ordinal, WaitForSession = TimeSpan.FromMinutes(1) }, cancellationToken: crew.Leaving))
        {
            if (item is SessionStreamItem.Accepted { Ordinal: { } ordinal }) _ordinal = ordinal;
            if (item is SessionStreamItem.Annotation { Envelope.MessageId: var id })
            {
                Assert.True(once.Add(id), $"the annotation {id} came twice");
                // Beginning behind an ordinal repeats the annotations that follow it, and only that does.
                if (!_annotations.Add(id) && isAgain) continue;
            }
            _items.Add(SessionRecord.Describe(item));
        }
    }
}

/// <summary>Those who take no part: they watch, list, signal, and change the registries.</summary>
sealed class Bystanders(Shifts shifts, int seed)
{
    int _events, _policies, _lists, _changes;

    public string Summary => $"{_events} changes of sessions and {_policies} of policies watched, {_lists} lists, {_changes} changes of registries";

    public Task StayAsync(CancellationToken enough) => Task.WhenAll(
        RepeatAsync(WatchSessionsAsync, enough), RepeatAsync(WatchPoliciesAsync, enough), RepeatAsync(ListAsync, enough), RepeatAsync(SignalAsync, enough),
        RepeatAsync(ChangePoliciesAsync, enough), RepeatAsync(ChangeModesAsync, enough));

    async Task RepeatAsync(Func<Random, Task> what, CancellationToken enough)
    {
        var random = new Random(seed);
        while (!enough.IsCancellationRequested)
        {
            await what(random);
            await Task.Delay(random.Next(20, 200), CancellationToken.None);
        }
    }

    /// <summary>Each session is told in an order in which it can go.</summary>
    Task WatchSessionsAsync(Random random) => AWhileAsync(random, async (crew, token) =>
    {
        var states = new Dictionary<string, SessionState>(StringComparer.Ordinal);
        await foreach (var change in crew["ops"].WatchSessionsAsync(cancellationToken: token))
        {
            var (id, state) = (change.Session.SessionId, change.Session.State);
            bool known = states.TryGetValue(id, out var before);
            bool follows = change.IsCreated ? !known : change.IsResumed ? before is SessionState.Suspended : known && before is SessionState.Open or SessionState.Suspended;
            Assert.True(follows, $"{change.Type} of {id}, which was {before}");
            states[id] = state;
            Interlocked.Increment(ref _events);
        }
    });

    Task WatchPoliciesAsync(Random random) => AWhileAsync(random, async (crew, token) =>
    {
        await foreach (var change in crew["ann"].WatchPoliciesAsync(cancellationToken: token))
        {
            Assert.Contains(change.Policies, policy => policy.PolicyId == SoakBook.Policy);
            Interlocked.Increment(ref _policies);
        }
    });

    Task ListAsync(Random random) => shifts.CallAsync(async (_, crew, _) =>
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var session in crew["ops"].ListSessionsAsync(includeFinished: random.Next(4) == 0, pageSize: random.Next(1, 200)))
            Assert.True(ids.Add(session.SessionId), $"{session.SessionId} is listed twice");
        Interlocked.Increment(ref _lists);
    });

    Task SignalAsync(Random _) => shifts.CallAsync(async (life, crew, _) =>
    {
        await crew["bob"].SendSignalAsync(new MacpSignal("load") { Confidence = 0.5 });
        life.Tally.Signalled();
    });

    Task ChangePoliciesAsync(Random _)
    {
        var policy = new PolicyDescriptor { PolicyId = $"policy.soak.{Guid.NewGuid():N}", Mode = "*", SchemaVersion = 3, Description = "passing", Rules = "{}" };
        return ChangeAsync((client, call) => client.RegisterPolicyAsync(policy, call), (client, call) => client.UnregisterPolicyAsync(policy.PolicyId, call));
    }

    Task ChangeModesAsync(Random _)
    {
        var mode = new ModeDescriptor { Mode = $"ext.m{Guid.NewGuid():N}.v1", ModeVersion = "1.0.0", MessageTypes = { "Note", "Commitment" }, TerminalMessageTypes = { "Commitment" } };
        return ChangeAsync((client, call) => client.RegisterExtModeAsync(mode, call), (client, call) => client.UnregisterExtModeAsync(mode.Mode, call));
    }

    async Task ChangeAsync(params Func<MacpClient, MacpCallOptions, Task<MacpAck>>[] changes)
    {
        foreach (var change in changes)
        {
            await shifts.CallAsync(async (_, crew, vain) =>
            {
                var ack = await change(crew["ops"], new() { ThrowOnNack = false });
                // What was done in vain may have been done.
                Assert.True(ack.Ok || vain > 0, ack.Error?.ToString());
            });
            Interlocked.Increment(ref _changes);
        }
    }

    async Task AWhileAsync(Random random, Func<Crew, CancellationToken, Task> watch) => await shifts.AttachAsync(async crew =>
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(crew.Leaving);
        leaving.CancelAfter(random.Next(500, 4000));
        try
        {
            await watch(crew, leaving.Token);
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested && !crew.Leaving.IsCancellationRequested)
        {
            // Seen enough.
        }
    });
}
