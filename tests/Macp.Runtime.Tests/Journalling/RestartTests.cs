using Macp.Protocol;
using Macp.Wire.V1;
using EventType = Macp.Wire.V1.SessionLifecycleEvent.Types.EventType;

namespace Macp.Runtime.Tests;

/// <summary>A runtime that takes up what an earlier process left in the journal.</summary>
public sealed class RestartTests : IDisposable
{
    readonly Disk _disk = new();

    public void Dispose() => _disk.Dispose();

    [Fact]
    public async Task Everything_that_was_acknowledged_is_there_with_the_same_bytes_and_in_the_same_order()
    {
        var world = await _disk.LiveAsync();
        await world.StartAsync();
        var first = world.Note(World.Bob, "one");
        Expect.Accepted(await world.SendAsync(World.Bob, first));
        await world.Runtime.SuspendAsync(World.Ada, World.Session, "lunch");
        world.Time.Advance(5);
        await world.Runtime.ResumeAsync(World.Ada, World.Session, "");
        Expect.Accepted(await world.NoteAsync(World.Ada, "two"));
        var (before, metadata, state) = (await ReadAsync(world), await world.MetadataAsync(), world.StateOf());

        world = await _disk.LiveAsync();
        Assert.Equal(before, await ReadAsync(world));
        Assert.Equal(metadata, await world.MetadataAsync());
        Assert.Equal(state, world.StateOf());
        Assert.True((await world.SendAsync(World.Bob, first.Clone())).Duplicate);
        Expect.Code(ErrorCode.SessionAlreadyExists, await world.SendAsync(World.Ada, world.Start()));
        Expect.Accepted(await world.NoteAsync(World.Bob, "three"));
        Expect.Accepted(await world.SendAsync(World.Ada, world.Commitment()));

        world = await _disk.LiveAsync();
        Assert.Equal("SessionStart Note SessionSuspend SessionResume Note Note Commitment", Expect.Types(await Expect.ToEndAsync(await world.SubscribeAsync(annotations: true))));
        Assert.Equal(SessionState.Resolved, await world.StateAsync());
        Expect.Code(ErrorCode.SessionAlreadyExists, await world.SendAsync(World.Ada, world.Start()));
        Assert.Empty(_disk.History.Faults);
    }

    [Fact]
    public async Task What_came_due_while_nobody_lived_is_appended_with_its_own_time()
    {
        var world = await _disk.LiveAsync();
        await world.StartAsync(change: start => start.TtlMs = 1000);
        await world.AlarmAsync("a", 300);
        world = await _disk.LiveAsync(later: 10_000);
        var records = await Expect.ToEndAsync(await world.SubscribeAsync(annotations: true));
        Assert.Equal("SessionStart Alarm Rang TtlExpired", Expect.Types(records));
        Assert.Equal([FakeTime.Origin + 300, FakeTime.Origin + 1000], records.Skip(2).Select(r => r.AcceptedAtUnixMs));
    }

    [Fact]
    public async Task Whoever_watches_is_told_what_is_open_and_what_happens_from_then_on()
    {
        var world = await _disk.LiveAsync();
        await world.StartAsync();
        await world.StartAsync("session-suspended-----");
        await world.StartAsync("session-ended---------");
        await world.Runtime.SuspendAsync(World.Ada, "session-suspended-----", "");
        await world.Runtime.CancelAsync(World.Ada, "session-ended---------", "");

        world = await _disk.LiveAsync();
        var watch = new Watch<WatchSessionsResponse>(world.Runtime.WatchSessions(World.Bob));
        await world.Runtime.ResumeAsync(World.Ada, "session-suspended-----", "");
        var told = new[] { await watch.NextAsync(), await watch.NextAsync(), await watch.NextAsync() }.Select(t => (t.Event.EventType, t.Event.Session.State));
        Assert.Equal([(EventType.Created, SessionState.Open), (EventType.Created, SessionState.Suspended), (EventType.Resumed, SessionState.Open)], told);
        Assert.True((await world.Runtime.ListSessionsAsync(World.Bob, new(), includeFinished: true)).Succeeded(out var page, out _));
        Assert.Equal(3, page.Sessions.Count);
    }

    [Fact]
    public async Task A_session_whose_mode_is_hosted_no_more_can_be_read_and_cancelled()
    {
        var world = await _disk.LiveAsync();
        await world.StartAsync();
        Expect.Accepted(await world.NoteAsync(World.Bob, "one"));

        world = await _disk.LiveAsync(modes: new());
        Expect.Code(ErrorCode.ModeNotSupported, await world.NoteAsync(World.Bob, "two"));
        Assert.Equal(("1.0.0", SessionState.Open), ((await world.MetadataAsync()).ModeVersion, (await world.MetadataAsync()).State));
        Assert.Equal("SessionStart Note", Expect.Types(await Expect.AvailableAsync(await world.SubscribeAsync())));
        Assert.Equal(SessionState.Cancelled, Expect.Done(await world.Runtime.CancelAsync(World.Ada, World.Session, "")).SessionState);
    }

    [Fact]
    public async Task A_second_process_is_told_that_the_folder_is_not_its_own()
    {
        await _disk.LiveAsync();
        Assert.Contains("belongs to another process", Assert.Throws<IOException>(() => JournalHistory.Open(_disk.Folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_made_with_those_above_it()
    {
        string folder = Path.Combine(_disk.Folder, "data", "macp") + Path.DirectorySeparatorChar;
        JournalHistory.Open(folder).Dispose();
        Assert.True(File.Exists(Path.Combine(folder, "owner.lock")));
    }

    static async Task<List<string>> ReadAsync(World world) =>
        [.. (await Expect.AvailableAsync(await world.SubscribeAsync(annotations: true))).Select(r => $"{r.Ordinal} {r.Kind} {r.AcceptedAtUnixMs} {r.Envelope}")];
}
