using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime.Tests;

/// <summary>Registered policies and modes after a restart, and the sessions that are bound to them.</summary>
public sealed class RegistryJournalTests : IDisposable
{
    const string Renamed = "com.example.standup.v1", AnyParticipant = """{"commitment":{"authority":"any_participant"}}""";

    readonly Disk _disk = new();

    public void Dispose() => _disk.Dispose();

    [Fact]
    public async Task A_registered_policy_is_there_and_governs_the_sessions_before_and_after()
    {
        var world = await _disk.LiveAsync();
        await RegistryCall.RegisterPolicy("policy.a", rules: AnyParticipant).MakeAsync(world.Runtime);
        await world.StartAsync(change: start => start.PolicyVersion = "policy.a");
        world = await RestartAsync(world, later: 5);

        await RefusedAsync("already registered", RegistryCall.RegisterPolicy("policy.a"), world);
        Assert.True(Expect.Done(await world.Runtime.CancelAsync(World.Bob, World.Session, "")).Ok);
        await world.StartAsync("session-later---------", start => start.PolicyVersion = "policy.a");
        Assert.True(Expect.Done(await world.Runtime.CancelAsync(World.Bob, "session-later---------", "")).Ok);
    }

    [Fact]
    public async Task A_policy_that_was_taken_out_stays_out_its_id_taken_and_its_sessions_keep_it()
    {
        var world = await _disk.LiveAsync();
        await RegistryCall.RegisterPolicy("policy.a", rules: AnyParticipant).MakeAsync(world.Runtime);
        await world.StartAsync(change: start => start.PolicyVersion = "policy.a");
        await RegistryCall.UnregisterPolicy("policy.a").MakeAsync(world.Runtime);
        world = await RestartAsync(world);

        Expect.Code(ErrorCode.UnknownPolicyVersion, await world.SendAsync(World.Ada, world.Start("session-later---------", start => start.PolicyVersion = "policy.a")));
        await RefusedAsync("other rules", RegistryCall.RegisterPolicy("policy.a"), world);
        Assert.True(Expect.Done(await world.Runtime.CancelAsync(World.Bob, World.Session, "")).Ok);
        await RegistryCall.RegisterPolicy("policy.a", rules: AnyParticipant).MakeAsync(world.Runtime);
        await RestartAsync(world);
    }

    [Fact]
    public async Task A_session_of_a_registered_mode_goes_on_to_its_end()
    {
        var world = await _disk.LiveAsync();
        await RegistryCall.RegisterMode().MakeAsync(world.Runtime);
        Expect.Accepted(await world.SendAsync(World.Ada, Extension.Start(world)));
        world = await RestartAsync(world);

        Expect.Accepted(await StatusAsync(world));
        Expect.Accepted(await world.SendAsync(World.Ada, Extension.Commitment(world, World.Ada)));
        Assert.Equal(SessionState.Resolved, await world.StateAsync());
        await RefusedAsync("already registered", RegistryCall.RegisterMode(), world);
        Expect.Accepted(await world.SendAsync(World.Ada, Extension.Start(world, "session-later---------")));
    }

    [Fact]
    public async Task A_session_of_a_mode_that_was_taken_out_goes_on_when_the_same_mode_comes_back()
    {
        var world = await _disk.LiveAsync();
        await RegistryCall.RegisterMode().MakeAsync(world.Runtime);
        Expect.Accepted(await world.SendAsync(World.Ada, Extension.Start(world)));
        Expect.Accepted(await StatusAsync(world));
        await RegistryCall.UnregisterMode().MakeAsync(world.Runtime);
        world = await RestartAsync(world);

        Expect.Code(ErrorCode.ModeNotSupported, await StatusAsync(world));
        Assert.Equal("SessionStart Status", Expect.Types(await Expect.AvailableAsync(await world.SubscribeAsync())));
        Assert.Equal(("1.0.0", SessionState.Open), ((await world.MetadataAsync()).ModeVersion, (await world.MetadataAsync()).State));
        await RefusedAsync("was another mode", RegistryCall.RegisterMode(type: "Blocker"), world);
        await RegistryCall.RegisterMode(version: "1.1.0", type: "Blocker").MakeAsync(world.Runtime);
        Expect.Code(ErrorCode.ModeNotSupported, await StatusAsync(world));
        await RegistryCall.UnregisterMode().MakeAsync(world.Runtime);
        world = await RestartAsync(world);

        await RegistryCall.RegisterMode().MakeAsync(world.Runtime);
        Expect.Accepted(await StatusAsync(world));
        world = await RestartAsync(world);
        Expect.Accepted(await StatusAsync(world));
    }

    [Fact]
    public async Task A_promoted_mode_stays_promoted_and_sessions_of_its_old_name_stay_shut()
    {
        var world = await _disk.LiveAsync();
        await RegistryCall.RegisterMode().MakeAsync(world.Runtime);
        Expect.Accepted(await world.SendAsync(World.Ada, Extension.Start(world)));
        await world.StartAsync("session-notes---------");
        await RegistryCall.Promote(Extension.Mode, Renamed).MakeAsync(world.Runtime);
        await RegistryCall.Promote(NotesMode.Identifier, "").MakeAsync(world.Runtime);
        var complete = Extension.Start(world, "session-renamed-------", start => (start.ModeVersion, start.ConfigurationVersion) = ("1.0.0", "cfg"));
        complete.Mode = Renamed;
        Expect.Accepted(await world.SendAsync(World.Ada, complete));
        world = await RestartAsync(world);

        Expect.Code(ErrorCode.ModeNotSupported, await StatusAsync(world));
        Assert.Equal(SessionState.Open, await world.StateAsync());
        var status = Extension.Message(world, World.Bob, "Status", "session-renamed-------");
        status.Mode = Renamed;
        Expect.Accepted(await world.SendAsync(World.Bob, status));
        Expect.Accepted(await world.NoteAsync(World.Bob, "on", "session-notes---------"));
        var incomplete = Extension.Start(world, "session-later---------");
        incomplete.Mode = Renamed;
        Expect.Code(ErrorCode.InvalidEnvelope, await world.SendAsync(World.Ada, incomplete)); // judged strictly still
        await RefusedAsync("standards-track", RegistryCall.UnregisterMode(Renamed), world);
        await RefusedAsync("already standards-track", RegistryCall.Promote(NotesMode.Identifier, ""), world);
        // The old name was another mode, and is free for nothing else.
        await RefusedAsync("was another mode", RegistryCall.RegisterMode(type: "Blocker"), world);
    }

    [Fact]
    public async Task A_compiled_mode_under_a_new_name_is_there_and_what_is_due_by_its_rules_in_its_old_sessions_still_comes()
    {
        var world = await _disk.LiveAsync();
        await world.StartAsync();
        await world.AlarmAsync("a", 300);
        await RegistryCall.Promote(NotesMode.Identifier, "ext.minutes.v1").MakeAsync(world.Runtime);
        world = await RestartAsync(world, later: 1000);

        Assert.Equal("ext.minutes.v1", Assert.Single(world.Runtime.ListModes().Modes).Mode);
        Assert.Equal("SessionStart Alarm Rang", Expect.Types(await Expect.AvailableAsync(await world.SubscribeAsync())));
        Expect.Code(ErrorCode.ModeNotSupported, await world.NoteAsync(World.Bob, "one"));
    }

    [Fact]
    public async Task Where_the_host_fixes_the_policies_the_stored_ones_wait_until_it_does_no_more()
    {
        var world = await _disk.LiveAsync();
        await RegistryCall.RegisterMode().MakeAsync(world.Runtime);
        await RegistryCall.RegisterPolicy("policy.a", Extension.Mode).MakeAsync(world.Runtime);
        await RegistryCall.RegisterPolicy("policy.b").MakeAsync(world.Runtime);
        await RegistryCall.UnregisterPolicy("policy.b").MakeAsync(world.Runtime);
        string before = RegistryCall.LookAt(world.Runtime);

        world = await _disk.LiveAsync(options: new() { Policies = [new() { PolicyId = "policy.b", Mode = "*", Rules = AnyParticipant, SchemaVersion = 3 }] });
        Assert.Equal(["policy.b", "policy.default"], world.Runtime.Policies.List(World.Ada, "").Value!.Descriptors.Select(policy => policy.PolicyId));
        Assert.Equal([NotesMode.Identifier, Extension.Mode], world.Runtime.ListExtModes().Modes.Select(mode => mode.Mode));
        Assert.Empty(world.Faults);

        world = await _disk.LiveAsync();
        Assert.Equal(before, RegistryCall.LookAt(world.Runtime));
        Assert.Empty(world.Faults);
    }

    [Fact]
    public async Task Whoever_registers_while_sessions_start_is_there_afterwards_and_so_are_the_sessions()
    {
        const int Callers = 8, Each = 12;
        var world = await _disk.LiveAsync();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (int i = 0; i < Each; i++)
            {
                string policy = $"policy.{caller}.{i}", mode = $"ext.c{caller}_{i}.v1", session = $"session-{caller:d7}-{i:d7}";
                // A neighbour's, which may be there, and is for another mode, or not yet.
                var early = await world.SendAsync(World.Ada, world.Start(session + "-early", start => start.PolicyVersion = $"policy.{(caller + 1) % Callers}.{i}"));
                Assert.Contains(early.Error?.Code, (string[])[ErrorCode.UnknownPolicyVersion.Value, ErrorCode.InvalidPolicyDefinition.Value]);
                await RegistryCall.RegisterMode(mode).MakeAsync(world.Runtime);
                await RegistryCall.RegisterPolicy(policy, mode, AnyParticipant).MakeAsync(world.Runtime);
                var start = Extension.Start(world, session, payload => payload.PolicyVersion = policy);
                start.Mode = mode;
                Expect.Accepted(await world.SendAsync(World.Ada, start));
                if (i % 3 == 0) await RegistryCall.UnregisterMode(mode).MakeAsync(world.Runtime);
                if (i % 3 == 1) await RegistryCall.UnregisterPolicy(policy).MakeAsync(world.Runtime);
                if (i % 3 == 2) await RegistryCall.Promote(mode, "").MakeAsync(world.Runtime);
            }
        })));
        var bound = await BoundAsync(world);
        Assert.True(bound.Count >= Callers * Each);
        world = await RestartAsync(world);
        Assert.Equal(bound, await BoundAsync(world));
    }

    static async Task<List<string>> BoundAsync(World world)
    {
        Assert.True((await world.Runtime.ListSessionsAsync(World.Ada, new() { PageSize = 1000 }, includeFinished: true)).Succeeded(out var page, out _));
        return [.. page.Sessions.Select(session => $"{session.SessionId} {session.Mode} {session.ModeVersion} {session.PolicyVersion}")];
    }

    /// <summary>The same registries in another process, with nothing to tell.</summary>
    async Task<World> RestartAsync(World world, long later = 0)
    {
        string before = RegistryCall.LookAt(world.Runtime);
        world = await _disk.LiveAsync(later);
        Assert.Equal(before, RegistryCall.LookAt(world.Runtime));
        Assert.Empty(world.Faults);
        Assert.Empty(_disk.History.Faults);
        return world;
    }

    static Task<Ack> StatusAsync(World world) => world.SendAsync(World.Bob, Extension.Message(world, World.Bob, "Status"));

    static async Task RefusedAsync(string phrase, RegistryCall call, World world)
    {
        string answer = await call.Ask(world.Runtime);
        Assert.False(RegistryCall.IsMade(answer));
        Assert.Contains(phrase, answer, StringComparison.Ordinal);
    }
}
