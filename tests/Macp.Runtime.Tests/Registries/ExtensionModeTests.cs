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
    public async Task What_cannot_be_registered_is_told_and_changes_nothing(string what, Action<ModeDescriptor> spoil, string phrase)
    {
        var watched = _world.Runtime.ListExtModes();
        var descriptor = Standup();
        spoil(descriptor);
        var answer = Answer(await _world.Runtime.Modes.RegisterAsync(Ops, descriptor));
        Assert.False(answer.Ok, what);
        Assert.Contains(phrase, answer.Error, StringComparison.Ordinal);
        Assert.Equal(watched, _world.Runtime.ListExtModes());
    }

    [Fact]
    public async Task A_registered_mode_is_listed_as_it_was_described_and_a_change_is_told()
    {
        Assert.Equal("ext.notes.v1", string.Join(' ', Extensions));
        await RegisterAsync();
        Assert.Equal(Standup(), _world.Runtime.ListExtModes().Modes[1]);
        Assert.Equal(["ext.notes.v1", Mode], _world.Runtime.Initialize(new() { SupportedProtocolVersions = { "1.0" } }).Value!.SupportedModes);
        Assert.Contains("already registered", Answer(await _world.Runtime.Modes.RegisterAsync(Ops, Standup())).Error, StringComparison.Ordinal);
        Assert.True(Answer(await _world.Runtime.Modes.UnregisterAsync(Ops, Mode)).Ok);
        Assert.Equal("ext.notes.v1", string.Join(' ', Extensions));
        Assert.Contains("not found", Answer(await _world.Runtime.Modes.UnregisterAsync(Ops, Mode)).Error, StringComparison.Ordinal);
        Assert.Contains("built-in", Answer(await _world.Runtime.Modes.UnregisterAsync(Ops, NotesMode.Identifier)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_is_the_callers_own_and_the_registry_not()
    {
        Answer(await _world.Runtime.Modes.RegisterAsync(Ops, Standup()));
        foreach (var listed in _world.Runtime.ListExtModes().Modes) listed.ModeVersion = "changed";
        Assert.All(_world.Runtime.ListExtModes().Modes, mode => Assert.Equal("1.0.0", mode.ModeVersion));
    }

    [Fact]
    public async Task Whoever_watches_is_told_at_once_and_after_each_change_but_not_after_a_refusal()
    {
        var watch = new Watch<WatchModeRegistryResponse>(_world.Runtime.Modes.Watch(World.Stranger));
        Assert.Equal(new RegistryChanged { Registry = "modes", ObservedAtUnixMs = FakeTime.Origin }, (await watch.NextAsync()).Change);
        foreach (var change in (Func<Task>[])[RegisterAsync, async () => await _world.Runtime.Modes.PromoteAsync(Ops, Mode, "com.example.standup.v1")])
        {
            var next = watch.NextAsync();
            Answer(await _world.Runtime.Modes.UnregisterAsync(Ops, "ext.unknown.v1"));
            Answer(await _world.Runtime.Modes.RegisterAsync(Ops, new()));
            Answer(await _world.Runtime.Modes.PromoteAsync(Ops, "ext.unknown.v1", ""));
            Assert.False(next.IsCompleted);
            await change();
            await next;
        }
    }

    [Fact]
    public async Task Only_managers_change_the_registry_and_a_descriptor_is_needed()
    {
        var modes = _world.Runtime.Modes;
        Expect.Failed(FailureKind.Unauthenticated, await modes.RegisterAsync(null, Standup()));
        Expect.Failed(FailureKind.Unauthenticated, await modes.UnregisterAsync(null, Mode));
        Expect.Failed(FailureKind.Unauthenticated, await modes.PromoteAsync(null, Mode, ""));
        Expect.Failed(FailureKind.PermissionDenied, await modes.RegisterAsync(World.Ada, null));
        Expect.Failed(FailureKind.PermissionDenied, await modes.UnregisterAsync(World.Ada with { IsObserver = true }, NotesMode.Identifier));
        Expect.Failed(FailureKind.PermissionDenied, await modes.PromoteAsync(World.Ada, NotesMode.Identifier, ""));
        Expect.Failed(FailureKind.InvalidArgument, await modes.RegisterAsync(Ops, null));
        Assert.Equal("ext.notes.v1", string.Join(' ', Extensions));
    }

    [Fact]
    public async Task A_promoted_mode_is_standard_and_stays()
    {
        await RegisterAsync();
        Assert.Equal(new PromoteModeResponse { Ok = true, Mode = Mode }, Answer(await _world.Runtime.Modes.PromoteAsync(Ops, Mode, "")));
        Assert.Equal(Standup(), Assert.Single(_world.Runtime.ListModes().Modes));
        Assert.DoesNotContain(Mode, Extensions);
        Assert.Contains("already standards-track", await RefusedAsync(Mode, ""), StringComparison.Ordinal);
        Assert.Contains("standards-track", Answer(await _world.Runtime.Modes.UnregisterAsync(Ops, Mode)).Error, StringComparison.Ordinal);
        Assert.Contains("not found", await RefusedAsync("ext.unknown.v1", ""), StringComparison.Ordinal);
        Assert.Contains("reserved", await RefusedAsync(NotesMode.Identifier, "macp.mode.notes.v1"), StringComparison.Ordinal);
        Assert.Contains("empty", await RefusedAsync(NotesMode.Identifier, " "), StringComparison.Ordinal);
        Assert.Contains("no mode identifier", await RefusedAsync(NotesMode.Identifier, "Notes"), StringComparison.Ordinal);
        Assert.Contains("already exists", await RefusedAsync(NotesMode.Identifier, Mode), StringComparison.Ordinal);
        Assert.True(Answer(await _world.Runtime.Modes.PromoteAsync(Ops, NotesMode.Identifier, "ext.minutes.v1")).Ok);
        Assert.Equal(["ext.minutes.v1", Mode], _world.Runtime.ListModes().Modes.Select(m => m.Mode));
        Assert.Contains("built-in", Answer(await _world.Runtime.Modes.UnregisterAsync(Ops, "ext.minutes.v1")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sessions_of_a_mode_that_is_hosted_no_more_take_no_messages_but_end()
    {
        await _world.StartAsync();
        await RegisterAsync();
        string standup = "session-standup-000000";
        Expect.Accepted(await _world.SendAsync(World.Ada, Start(standup)));
        var status = Message(World.Bob, "Status", standup);
        Expect.Accepted(await _world.SendAsync(World.Bob, status));

        Assert.True(Answer(await _world.Runtime.Modes.UnregisterAsync(Ops, Mode)).Ok);
        Expect.Code(ErrorCode.ModeNotSupported, await _world.SendAsync(World.Bob, Message(World.Bob, "Status", standup)));
        Expect.Code(ErrorCode.ModeNotSupported, await _world.SendAsync(World.Ada, Start("session-standup-111111")));
        Assert.True((await _world.SendAsync(World.Bob, status.Clone())).Duplicate);

        // The same mode again: the session goes on. Another one under its name and version: never.
        var other = Standup();
        other.MessageTypes.Add("Blocker");
        Assert.Contains("mode_version", Answer(await _world.Runtime.Modes.RegisterAsync(Ops, other)).Error, StringComparison.Ordinal);
        await RegisterAsync();
        Expect.Accepted(await _world.SendAsync(World.Bob, Message(World.Bob, "Status", standup)));

        Assert.True(Answer(await _world.Runtime.Modes.PromoteAsync(Ops, Mode, "com.example.standup.v1")).Ok);
        Expect.Code(ErrorCode.ModeNotSupported, await _world.SendAsync(World.Bob, Message(World.Bob, "Status", standup)));
        Assert.Equal(SessionState.Cancelled, Expect.Done(await _world.Runtime.CancelAsync(World.Ada, standup, "")).SessionState);
        Assert.Equal(SessionState.Open, await _world.StateAsync());
    }

    [Fact]
    public async Task A_changed_mode_may_come_back_in_another_version()
    {
        await RegisterAsync();
        Answer(await _world.Runtime.Modes.UnregisterAsync(Ops, Mode));
        var changed = Standup();
        changed.ModeVersion = "1.1.0";
        changed.MessageTypes.Add("Blocker");
        Assert.True(Answer(await _world.Runtime.Modes.RegisterAsync(Ops, changed)).Ok);
        Expect.Accepted(await _world.SendAsync(World.Ada, Start(World.Session)));
        Expect.Accepted(await _world.SendAsync(World.Bob, Message(World.Bob, "Blocker")));
        Assert.Equal("1.1.0", (await _world.MetadataAsync()).ModeVersion);
    }

    async Task RegisterAsync() => Assert.True(Answer(await _world.Runtime.Modes.RegisterAsync(Ops, Standup())).Ok);

    IEnumerable<string> Extensions => _world.Runtime.ListExtModes().Modes.Select(mode => mode.Mode);

    async Task<string> RefusedAsync(string mode, string name)
    {
        var answer = Answer(await _world.Runtime.Modes.PromoteAsync(Ops, mode, name));
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
