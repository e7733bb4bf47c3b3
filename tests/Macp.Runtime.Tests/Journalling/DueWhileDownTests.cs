using Macp.Modes.Standard;
using Macp.Protocol;
using Macp.Wire.Modes.Handoff.V1;
using Macp.Wire.V1;

namespace Macp.Runtime.Tests;

/// <summary>
/// What comes due while no process lives: the next one appends it, in due order and at its own time, as one that had lived would have. A suspension goes on
/// meanwhile.
/// </summary>
public sealed class DueWhileDownTests : IDisposable
{
    const string Second = "session-second--------", Third = "session-third---------";

    readonly Disk _disk = new();

    public void Dispose() => _disk.Dispose();

    [Fact]
    public async Task Every_session_gets_its_own_in_due_order_and_another_process_finds_the_same_bytes()
    {
        var world = await _disk.LiveAsync();
        await world.StartAsync(change: start => start.TtlMs = 1000);
        foreach (var (id, delay) in new[] { ("c", 300), ("a", 100), ("b", 300), ("never", 1001) }) await world.AlarmAsync(id, delay);
        await world.StartAsync(Second, start => start.TtlMs = 500);
        await world.AlarmAsync("d", 500, Second);
        await world.StartAsync(Third, start => start.MaxSuspendMs = 400);
        await world.AlarmAsync("e", 50, Third);
        world.Time.Advance(20);
        await world.Runtime.SuspendAsync(World.Ada, Third, "");

        await _disk.LiveAsync(later: 10_000);
        var stored = await StoredAsync();

        Assert.Equal("SessionStart Alarm Alarm Alarm Alarm Rang Rang Rang TtlExpired", Expect.Types(stored[World.Session]));
        Assert.Equal([("implicit-accept:a", 100), ("implicit-accept:c", 300), ("implicit-accept:b", 300), ("_runtime:TtlExpired:1", 1000)], Since(stored[World.Session], 5));
        Assert.Equal([("implicit-accept:d", 500), ("_runtime:TtlExpired:1", 500)], Since(stored[Second], 2));
        Assert.Equal([("_runtime:SessionSuspend:1", 20), ("_runtime:TtlExpired:2", 420)], Since(stored[Third], 2));

        await _disk.LiveAsync(later: 10_000);
        var again = await StoredAsync();
        Assert.All(stored, session => Assert.Equal(session.Value.Select(Describe), again[session.Key].Select(Describe)));
    }

    [Theory]
    [InlineData(-1), InlineData(0), InlineData(1)]
    public async Task What_is_due_around_the_moment_of_the_restart_comes_at_its_time(int late)
    {
        var world = await _disk.LiveAsync();
        await world.StartAsync(change: start => start.TtlMs = 2000);
        await world.AlarmAsync("a", 1000);

        world = await _disk.LiveAsync(later: 1000 + late);
        var metadata = await world.MetadataAsync();
        Assert.Equal((SessionState.Open, late < 0 ? 1u : 2u), (metadata.State, Assert.Single(metadata.ParticipantActivity).MessageCount));
        await FindAsync(world, late < 0 ? "SessionStart Alarm" : "SessionStart Alarm Rang");
        world.Time.Advance(1000 - late); // to the deadline itself
        await FindAsync(world, "SessionStart Alarm Rang");

        world = await _disk.LiveAsync();
        Assert.Equal(SessionState.Open, await world.StateAsync());
        world = await _disk.LiveAsync(later: 1);
        Assert.Equal(SessionState.Expired, await world.StateAsync());
        Assert.Equal([("implicit-accept:a", 1000), ("_runtime:TtlExpired:1", 2000)], Since((await StoredAsync())[World.Session], 2));
    }

    [Fact]
    public async Task Nobody_need_look_for_what_comes_due_after_the_restart()
    {
        var world = await _disk.LiveAsync();
        await world.StartAsync();
        await world.AlarmAsync("a", 1000);

        world = await _disk.LiveAsync(later: 400);
        var cursor = await world.SubscribeAsync(after: 2);
        await Expect.SoonAsync(() => world.Time.NextTimerAt == 1000, "the sweeper's alarm");
        world.Time.Advance(600);

        Assert.True(await Expect.SoonAsync(cursor.WaitToReadAsync().AsTask(), "the alarm"));
        Assert.True(cursor.TryRead(out var rang));
        Assert.Equal(("Rang", FakeTime.Origin + 1000), (rang.MessageType, rang.AcceptedAtUnixMs));
    }

    [Fact]
    public async Task A_suspension_over_a_restart_is_banked_whole_and_counts_towards_the_cap()
    {
        var world = await _disk.LiveAsync();
        await world.StartAsync(change: start => (start.TtlMs, start.MaxSuspendMs) = (2000, 6000));
        await world.AlarmAsync("a", 1000);
        world.Time.Advance(400);
        await world.Runtime.SuspendAsync(World.Ada, World.Session, "");

        world = await _disk.LiveAsync(later: 3000);
        world = await _disk.LiveAsync(later: 2000);
        Expect.Done(await world.Runtime.ResumeAsync(World.Ada, World.Session, ""));
        Assert.Equal(FakeTime.Origin + 7000, (await world.MetadataAsync()).ExpiresAtUnixMs);
        world = await _disk.LiveAsync(later: 599);
        await FindAsync(world, "SessionStart Alarm SessionSuspend SessionResume");
        world = await _disk.LiveAsync(later: 1);
        await FindAsync(world, "SessionStart Alarm SessionSuspend SessionResume Rang");
        await world.Runtime.SuspendAsync(World.Ada, World.Session, "");

        // Of the cap 1000 milliseconds are left.
        world = await _disk.LiveAsync(later: 1000);
        Assert.Equal(SessionState.Suspended, await world.StateAsync());
        await _disk.LiveAsync(later: 1);
        var stored = (await StoredAsync())[World.Session];
        Assert.Equal(5000, SessionResumePayload.Parser.ParseFrom(stored[3].Payload).BankedMs);
        Assert.Equal([("_runtime:SessionResume:2", 5400), ("implicit-accept:a", 6000), ("_runtime:SessionSuspend:3", 6000), ("_runtime:TtlExpired:4", 7000)], Since(stored, 3));
    }

    [Fact]
    public async Task Silence_accepts_handoffs_while_nobody_lives()
    {
        var policy = HandoffPolicy.Create("policy.silence", "Silence accepts.", new() { Acceptance = new() { ImplicitAcceptTimeoutMs = 1000 } });
                using (var history = JournalHistory.Open(_disk.Folder))
        {
            var office = new Office([policy], history);
            foreach (string session in (string[])[Office.Session, Second, Third])
            {
                Expect.Accepted(await office.StartAsync(HandoffMode.Descriptor, policy.PolicyId, session));
                office.Time.Advance(100);
                Expect.Accepted(await office.SendAsync(Office.Ada, new HandoffOfferPayload { HandoffId = "h", TargetParticipant = "bob" }, HandoffMode.Descriptor, session: session));
            }
        }

        // The policy is what the session was bound to, and need not be registered any more.
        using (var history = JournalHistory.Open(_disk.Folder))
        {
            var office = new Office([], history);
            office.Time.Advance(1200);
            office.Runtime.Start();
            Task<Ack> DeclineAsync(string session) => office.SendAsync(Office.Bob, new HandoffDeclinePayload { HandoffId = "h" }, HandoffMode.Descriptor, session: session);
            Expect.Code(ErrorCode.InvalidEnvelope, await DeclineAsync(Office.Session));
            Expect.Code(ErrorCode.InvalidEnvelope, await DeclineAsync(Second)); // at the very instant
            Expect.Accepted(await DeclineAsync(Third));
            await office.Runtime.DisposeAsync();
        }

        var stored = await StoredAsync();
        Assert.Equal([("implicit-accept:h", 1100)], Since(stored[Office.Session], 2));
        Assert.Equal([("implicit-accept:h", 1200)], Since(stored[Second], 2));
        Assert.Equal("SessionStart HandoffOffer HandoffDecline", Expect.Types(stored[Third]));
    }

    static async Task FindAsync(World world, string types) =>
        Assert.Equal(types, Expect.Types(await Expect.AvailableAsync(await world.SubscribeAsync(annotations: true))));

    /// <summary>What stands on the disk when the process has ended, by session.</summary>
    async Task<Dictionary<string, List<HistoryRecord>>> StoredAsync()
    {
        await _disk.EndAsync();
        var archive = JournalArchive.Open(_disk.Folder);
        var stored = archive.ReadSessions().ToDictionary(session => session.SessionId, session => session.Records.ToList());
        Assert.Empty(archive.Faults);
        return stored;
    }

    static IEnumerable<(string, long)> Since(List<HistoryRecord> records, int first) =>
        records.Skip(first).Select(record => (record.MessageId, record.AcceptedAtUnixMs - FakeTime.Origin));

    static string Describe(HistoryRecord record) => $"{record.Ordinal} {record.Kind} {record.AcceptedAtUnixMs} {record.Envelope}";
}
