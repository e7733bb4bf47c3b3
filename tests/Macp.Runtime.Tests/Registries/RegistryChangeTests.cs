using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime.Tests;

/// <summary>A change of a registry shows when it is durable, and changes go one after the other.</summary>
public sealed class RegistryChangeTests
{
    readonly ManualChanges _history = new();
    readonly World _world;

    public RegistryChangeTests() => _world = new(history: _history);

    [Fact]
    public async Task Nothing_of_a_change_shows_before_it_is_durable_and_sessions_do_not_wait_for_it()
    {
        string before = RegistryCall.LookAt(_world.Runtime);
        await using var watch = _world.Runtime.Policies.Watch(World.Bob).Value!.GetAsyncEnumerator();
        await watch.MoveNextAsync();
        var next = watch.MoveNextAsync().AsTask();
        _history.Holds = true;
        var policy = RegistryCall.RegisterPolicy("policy.a").Ask(_world.Runtime);

        Assert.False(policy.IsCompleted);
        Assert.False(next.IsCompleted);
        Assert.Equal(before, RegistryCall.LookAt(_world.Runtime));
        Expect.Failed(FailureKind.NotFound, _world.Runtime.Policies.Get(World.Ada, "policy.a"));
        Expect.Code(ErrorCode.UnknownPolicyVersion, await _world.SendAsync(World.Ada, _world.Start(change: start => start.PolicyVersion = "policy.a")));
        await _world.StartAsync();
        Expect.Accepted(await _world.NoteAsync(World.Bob, "one"));

        _history.Keep();
        Assert.True(RegistryCall.IsMade(await Expect.SoonAsync(policy, "the registration")));
        Assert.True(await Expect.SoonAsync(next, "the change"));
        Expect.Accepted(await _world.SendAsync(World.Ada, _world.Start("session-bound---------", start => start.PolicyVersion = "policy.a")));
    }

    [Fact]
    public async Task A_mode_is_shut_or_renamed_when_that_is_durable()
    {
        await RegistryCall.RegisterMode().MakeAsync(_world.Runtime);
        Expect.Accepted(await _world.SendAsync(World.Ada, Extension.Start(_world)));
        _history.Holds = true;
        foreach (var call in (RegistryCall[])[RegistryCall.UnregisterMode(), RegistryCall.Promote(Extension.Mode, "com.example.standup.v1")])
        {
            string before = RegistryCall.LookAt(_world.Runtime);
            var lost = call.Ask(_world.Runtime);
            Expect.Accepted(await _world.SendAsync(World.Bob, Extension.Message(_world, World.Bob, "Status")));
            _history.Lose();
            Assert.StartsWith("Internal: INTERNAL_ERROR", await lost, StringComparison.Ordinal);
            Assert.Equal(before, RegistryCall.LookAt(_world.Runtime));
            Expect.Accepted(await _world.SendAsync(World.Bob, Extension.Message(_world, World.Bob, "Status")));
        }
        var kept = RegistryCall.Promote(Extension.Mode, "com.example.standup.v1").Ask(_world.Runtime);
        _history.Keep();
        Assert.True(RegistryCall.IsMade(await kept));
        Expect.Code(ErrorCode.ModeNotSupported, await _world.SendAsync(World.Bob, Extension.Message(_world, World.Bob, "Status")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_lost_was_not_made_is_told_and_can_be_asked_for_again(bool throws)
    {
        string before = RegistryCall.LookAt(_world.Runtime);
        RegistryCall[] calls = [RegistryCall.RegisterPolicy("policy.a"), RegistryCall.RegisterMode(), RegistryCall.Promote(NotesMode.Identifier, "")];
        foreach (var call in calls)
        {
            (_history.Holds, _history.IsBroken) = (true, throws);
            var lost = call.Ask(_world.Runtime);
            if (!throws) _history.Lose();
            Assert.StartsWith("Internal: INTERNAL_ERROR", await Expect.SoonAsync(lost, "the answer"), StringComparison.Ordinal);
            Assert.Equal(before, RegistryCall.LookAt(_world.Runtime));
            Assert.IsType<IOException>(_world.Faults[^1]);

            (_history.Holds, _history.IsBroken) = (false, false);
            await call.MakeAsync(_world.Runtime);
            before = RegistryCall.LookAt(_world.Runtime);
        }
        Assert.Equal(calls.Length, _world.Faults.Count);
    }

    [Fact]
    public async Task Each_is_judged_by_what_those_before_it_have_left_also_when_they_were_lost()
    {
        _history.Holds = true;
        var first = RegistryCall.RegisterPolicy("policy.a").Ask(_world.Runtime);
        var second = RegistryCall.RegisterPolicy("policy.a").Ask(_world.Runtime);
        var third = RegistryCall.RegisterPolicy("policy.a").Ask(_world.Runtime);
        _history.Lose();
        Assert.False(RegistryCall.IsMade(await first));
        await Expect.SoonAsync(() => _history.Appended.Count == 2, "the second");
        _history.Keep();
        Assert.True(RegistryCall.IsMade(await second));
        Assert.Contains("already registered", await Expect.SoonAsync(third, "the third"), StringComparison.Ordinal);
        Assert.Equal(2, _history.Appended.Count);
    }

    [Fact]
    public async Task Who_gives_up_waiting_has_changed_nothing_and_what_is_appended_is_not_taken_back()
    {
        var ops = new Identity("ops") { CanManageModeRegistry = true };
        using var enough = new CancellationTokenSource();
        _history.Holds = true;
        var appended = _world.Runtime.Modes.RegisterAsync(ops, Extension.Standup(), enough.Token).AsTask();
        var waiting = _world.Runtime.Modes.UnregisterAsync(ops, Extension.Mode, enough.Token).AsTask();
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Expect.SoonAsync(waiting, "the end of waiting"));
        Assert.False(appended.IsCompleted);

        _history.Keep();
        Assert.True((await Expect.SoonAsync(appended, "the registration")).Value!.Ok);
        Assert.Single(_history.Appended);
        Assert.Equal([NotesMode.Identifier, Extension.Mode], _world.Runtime.ListExtModes().Modes.Select(mode => mode.Mode));
    }

    [Fact]
    public async Task What_is_refused_is_not_stored()
    {
        foreach (var call in RegistryCall.All)
        {
            int before = _history.Appended.Count;
            string look = RegistryCall.LookAt(_world.Runtime);
            bool isMade = RegistryCall.IsMade(await call.Ask(_world.Runtime));
            Assert.Equal((isMade ? 1 : 0, isMade), (_history.Appended.Count - before, RegistryCall.LookAt(_world.Runtime) != look));
        }
        Assert.Equal(5, _history.Appended.Select(change => change.GetType()).Distinct().Count());
    }

    [Fact]
    public async Task A_change_that_cannot_be_made_again_is_told_and_those_after_it_are_made()
    {
        var fits = new PolicyDescriptor { PolicyId = "policy.a", Mode = Extension.Mode, Rules = "{}", SchemaVersion = 3 };
        var notes = Extension.Standup();
        notes.Mode = NotesMode.Identifier; // which is compiled in by now
        var history = new ManualChanges
        {
            StoredChanges =
            [
                new PolicyRegistered(fits, 1), // before its mode
                new ModeRegistered(notes),
                new ModeRegistered(Extension.Standup()),
                new PolicyRegistered(fits, 7),
                new PolicyRegistered(new(fits) { PolicyId = "policy.b", Rules = "nonsense" }, 8),
                new PolicyUnregistered("policy.c"),
                new ModePromoted("ext.gone.v1", "ext.other.v1"),
                new ModeUnregistered(NotesMode.Identifier),
            ],
        };
        var world = new World(history: history);
        var faults = new List<(string Session, string What)>();
        world.Runtime.Faulted += (session, fault) => faults.Add((session, fault.Message));
        world.Runtime.Start();
        await world.Runtime.DisposeAsync();

        Assert.Equal(
            ["policy 'policy.a'", $"mode '{NotesMode.Identifier}' 1.0.0", "policy 'policy.b'", "policy 'policy.c'", "mode 'ext.gone.v1'", $"mode '{NotesMode.Identifier}'"],
            faults.Select(fault => fault.What[fault.What.IndexOf(" the ", 4, StringComparison.Ordinal)..][" the ".Length..]
                .Split([" is stored", " to "], StringSplitOptions.None)[0]));
        Assert.All(faults, fault => Assert.Equal("", fault.Session));
        Assert.Contains("already registered", faults[1].What, StringComparison.Ordinal);
        Assert.Equal([NotesMode.Identifier, Extension.Mode], world.Runtime.ListExtModes().Modes.Select(mode => mode.Mode));
        Assert.Equal(7, world.Runtime.Policies.Get(World.Ada, "policy.a").Value!.PolicyDescriptor.RegisteredAtUnixMs);
        Assert.Empty(history.Appended);
    }
}
