using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime.Tests;

/// <summary>The registry of modes (runtime-semantics 4.4, decisions 25).</summary>
public sealed class ExtensionModeTests
{
    const string Mode = Extension.Mode;
    static readonly Identity Ops = new("ops") { CanManageModeRegistry = true };

    readonly World _world = new();

    public static TheoryData<string, Action<ModeDescriptor>, string> Misfits => new()
    {
        { "an empty name", d => d.Mode = "", "empty" },
        { "a blank name", d => d.Mode = " ", "empty" },
        { "a reserved name", d => d.Mode = "macp.mode.standup.v1", "reserved" },
        { "a name of no form", d => d.Mode = "standup", "no mode identifier" },
        { "a name in upper case", d => d.Mode = "ext.Standup.v1", "no mode identifier" },
        { "no message types", d => d.MessageTypes.Clear(), "message type" },
        { "no version", d => d.ModeVersion = " ", "mode_version" },
        { "no terminal types", d => d.TerminalMessageTypes.Clear(), "terminal message type" },
        { "another terminal type", d => d.TerminalMessageTypes[0] = "Note", "Commitment" },
        { "a terminal type that is no type", d => d.MessageTypes.Remove("Commitment"), "message_types" },
        { "a blank type", d => d.MessageTypes.Add(" "), "empty" },
        { "a type twice", d => d.MessageTypes.Add("Status"), "twice" },
        { "a type of the runtime's", d => d.MessageTypes.Add("SessionCancel"), "reserved" },
        { "an ambient type", d => d.MessageTypes.Add("Signal"), "reserved" },
        { "a name that is taken", d => d.Mode = NotesMode.Identifier, "already registered" },
    };

    [Theory, MemberData(nameof(Misfits))]
    public void What_cannot_be_registered_is_told_and_changes_nothing(string what, Action<ModeDescriptor> spoil, string phrase)
    {
        var watched = _world.Runtime.ListExtModes();
        var descriptor = Standup();
        spoil(descriptor);
        var answer = Answer(_world.Runtime.Modes.Register(Ops, descriptor));
        Assert.False(answer.Ok, what);
        Assert.Contains(phrase, answer.Error, StringComparison.Ordinal);
        Assert.Equal(watched, _world.Runtime.ListExtModes());
    }

    [Fact]
    public void A_registered_mode_is_listed_as_it_was_described_and_a_change_is_told()
    {
        Assert.Equal("ext.notes.v1", string.Join(' ', Extensions));
        Register();
        Assert.Equal(Standup(), _world.Runtime.ListExtModes().Modes[1]);
        Assert.Equal(["ext.notes.v1", Mode], _world.Runtime.Initialize(new() { SupportedProtocolVersions = { "1.0" } }).Value!.SupportedModes);
        Assert.Contains("already registered", Answer(_world.Runtime.Modes.Register(Ops, Standup())).Error, StringComparison.Ordinal);
        Assert.True(Answer(_world.Runtime.Modes.Unregister(Ops, Mode)).Ok);
        Assert.Equal("ext.notes.v1", string.Join(' ', Extensions));
        Assert.Contains("not found", Answer(_world.Runtime.Modes.Unregister(Ops, Mode)).Error, StringComparison.Ordinal);
        Assert.Contains("built-in", Answer(_world.Runtime.Modes.Unregister(Ops, NotesMode.Identifier)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_is_the_callers_own_and_the_registry_not()
    {
        Answer(_world.Runtime.Modes.Register(Ops, Standup()));
        foreach (var listed in _world.Runtime.ListExtModes().Modes) listed.ModeVersion = "changed";
        Assert.All(_world.Runtime.ListExtModes().Modes, mode => Assert.Equal("1.0.0", mode.ModeVersion));
    }

    [Fact]
    public async Task Whoever_watches_is_told_at_once_and_after_each_change_but_not_after_a_refusal()
    {
        var watch = new Watch<WatchModeRegistryResponse>(_world.Runtime.Modes.Watch(World.Stranger));
        Assert.Equal(new RegistryChanged { Registry = "modes", ObservedAtUnixMs = FakeTime.Origin }, (await watch.NextAsync()).Change);
        foreach (var change in (Action[])[Register, () => _world.Runtime.Modes.Promote(Ops, Mode, "com.example.standup.v1")])
        {
            var next = watch.NextAsync();
            Answer(_world.Runtime.Modes.Unregister(Ops, "ext.unknown.v1"));
            Answer(_world.Runtime.Modes.Register(Ops, new()));
            Answer(_world.Runtime.Modes.Promote(Ops, "ext.unknown.v1", ""));
            Assert.False(next.IsCompleted);
            change();
            await next;
        }
    }

    [Fact]
    public void Only_managers_change_the_registry_and_a_descriptor_is_needed()
    {
        var modes = _world.Runtime.Modes;
        Expect.Failed(FailureKind.Unauthenticated, modes.Register(null, Standup()));
        Expect.Failed(FailureKind.Unauthenticated, modes.Unregister(null, Mode));
        Expect.Failed(FailureKind.Unauthenticated, modes.Promote(null, Mode, ""));
        Expect.Failed(FailureKind.PermissionDenied, modes.Register(World.Ada, null));
        Expect.Failed(FailureKind.PermissionDenied, modes.Unregister(World.Ada with { IsObserver = true }, NotesMode.Identifier));
        Expect.Failed(FailureKind.PermissionDenied, modes.Promote(World.Ada, NotesMode.Identifier, ""));
        Expect.Failed(FailureKind.InvalidArgument, modes.Register(Ops, null));
        Assert.Equal("ext.notes.v1", string.Join(' ', Extensions));
    }

    [Fact]
    public void A_promoted_mode_is_standard_and_stays()
    {
        Register();
        Assert.Equal(new PromoteModeResponse { Ok = true, Mode = Mode }, Answer(_world.Runtime.Modes.Promote(Ops, Mode, "")));
        Assert.Equal(Standup(), Assert.Single(_world.Runtime.ListModes().Modes));
        Assert.DoesNotContain(Mode, Extensions);
        Assert.Contains("already standards-track", Refused(Mode, ""), StringComparison.Ordinal);
        Assert.Contains("standards-track", Answer(_world.Runtime.Modes.Unregister(Ops, Mode)).Error, StringComparison.Ordinal);
        Assert.Contains("not found", Refused("ext.unknown.v1", ""), StringComparison.Ordinal);
        Assert.Contains("reserved", Refused(NotesMode.Identifier, "macp.mode.notes.v1"), StringComparison.Ordinal);
        Assert.Contains("empty", Refused(NotesMode.Identifier, " "), StringComparison.Ordinal);
        Assert.Contains("no mode identifier", Refused(NotesMode.Identifier, "Notes"), StringComparison.Ordinal);
        Assert.Contains("already exists", Refused(NotesMode.Identifier, Mode), StringComparison.Ordinal);
        Assert.True(Answer(_world.Runtime.Modes.Promote(Ops, NotesMode.Identifier, "ext.minutes.v1")).Ok);
        Assert.Equal(["ext.minutes.v1", Mode], _world.Runtime.ListModes().Modes.Select(m => m.Mode));
        Assert.Contains("built-in", Answer(_world.Runtime.Modes.Unregister(Ops, "ext.minutes.v1")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sessions_of_a_mode_that_is_hosted_no_more_take_no_messages_but_end()
    {
        await _world.StartAsync();
        Register();
        string standup = "session-standup-000000";
        Expect.Accepted(await _world.SendAsync(World.Ada, Start(standup)));
        var status = Message(World.Bob, "Status", standup);
        Expect.Accepted(await _world.SendAsync(World.Bob, status));

        Assert.True(Answer(_world.Runtime.Modes.Unregister(Ops, Mode)).Ok);
        Expect.Code(ErrorCode.ModeNotSupported, await _world.SendAsync(World.Bob, Message(World.Bob, "Status", standup)));
        Expect.Code(ErrorCode.ModeNotSupported, await _world.SendAsync(World.Ada, Start("session-standup-111111")));
        Assert.True((await _world.SendAsync(World.Bob, status.Clone())).Duplicate);

        // The same mode again: the session goes on. Another one under its name and version: never.
        var other = Standup();
        other.MessageTypes.Add("Blocker");
        Assert.Contains("mode_version", Answer(_world.Runtime.Modes.Register(Ops, other)).Error, StringComparison.Ordinal);
        Register();
        Expect.Accepted(await _world.SendAsync(World.Bob, Message(World.Bob, "Status", standup)));

        Assert.True(Answer(_world.Runtime.Modes.Promote(Ops, Mode, "com.example.standup.v1")).Ok);
        Expect.Code(ErrorCode.ModeNotSupported, await _world.SendAsync(World.Bob, Message(World.Bob, "Status", standup)));
        Assert.Equal(SessionState.Cancelled, Expect.Done(await _world.Runtime.CancelAsync(World.Ada, standup, "")).SessionState);
        Assert.Equal(SessionState.Open, await _world.StateAsync());
    }

    [Fact]
    public async Task A_changed_mode_may_come_back_in_another_version()
    {
        Register();
        Answer(_world.Runtime.Modes.Unregister(Ops, Mode));
        var changed = Standup();
        changed.ModeVersion = "1.1.0";
        changed.MessageTypes.Add("Blocker");
        Assert.True(Answer(_world.Runtime.Modes.Register(Ops, changed)).Ok);
        Expect.Accepted(await _world.SendAsync(World.Ada, Start(World.Session)));
        Expect.Accepted(await _world.SendAsync(World.Bob, Message(World.Bob, "Blocker")));
        Assert.Equal("1.1.0", (await _world.MetadataAsync()).ModeVersion);
    }

    void Register() => Assert.True(Answer(_world.Runtime.Modes.Register(Ops, Standup())).Ok);

    IEnumerable<string> Extensions => _world.Runtime.ListExtModes().Modes.Select(mode => mode.Mode);

    string Refused(string mode, string name)
    {
        var answer = Answer(_world.Runtime.Modes.Promote(Ops, mode, name));
        Assert.Equal((false, ""), (answer.Ok, answer.Mode));
        return answer.Error;
    }

    Envelope Start(string session) => Extension.Start(_world, session);

    Envelope Message(Identity sender, string type, string session = World.Session) => Extension.Message(_world, sender, type, session);

    static ModeDescriptor Standup() => Extension.Standup();

    static T Answer<T>(Outcome<T> outcome)
        where T : class
    {
        Assert.True(outcome.Succeeded(out var value, out var failure), failure?.Message);
        return value;
    }
}
