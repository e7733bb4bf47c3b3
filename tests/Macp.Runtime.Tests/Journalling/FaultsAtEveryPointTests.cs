namespace Macp.Runtime.Tests;

/// <summary>
/// Every file operation of a story fails, in every way, once or for a while; then the machine crashes. What was acknowledged is there once, in order, with
/// the same bytes, and what was answered INTERNAL_ERROR is not.
/// </summary>
public sealed class FaultsAtEveryPointTests
{
    // Fewer than the story has, however many of its records share a batch.
    const int Operations = 25;
    const long SegmentBytes = 400;

    public static TheoryData<string, int> Ways => new()
    {
        { nameof(FileFault.BeforeAll), 1 },
        { nameof(FileFault.Halfway), 1 },
        { nameof(FileFault.AfterAll), 1 },
        { nameof(FileFault.Halfway), 6 },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_journal_goes_on_when_the_fault_has_passed_and_a_crash_then_takes_nothing(string way, int lasts)
    {
        bool isReached = true;
        for (int at = 1; isReached; at++)
        {
            var folder = new FaultyFolder(at);
            var (world, story, history) = Live(folder);
            folder.Plan = FailAt(at, way, lasts);
            await story.PlayAsync(stopsAtLoss: false);
            isReached = folder.Operations >= at;
            folder.Plan = null;
            await story.RepeatLostAsync();
            var before = await ReadAllAsync(world);
            foreach (string session in FaultStory.Sessions) Assert.Equal(story.Kept[session].Order(), IdsOf(before[session]).Order());

            var after = await CrashAsync(folder.Crash((CacheLoss)(at % 3)), world);
            Assert.Equal(before, after);
            await EndAsync(world, history);
            Assert.True(isReached || at > Operations, $"the story had only {at} operations");
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_crash_right_after_the_fault_takes_nothing_that_was_acknowledged(string way, int lasts)
    {
        bool isReached = true;
        for (int at = 1; isReached; at++)
        {
            var folder = new FaultyFolder(at);
            var (world, story, history) = Live(folder);
            folder.Plan = FailAt(at, way, lasts);
            await story.PlayAsync(stopsAtLoss: true);
            isReached = folder.Operations >= at;
            var before = await ReadAllAsync(world);
            foreach (string session in FaultStory.Sessions) Assert.Equal(story.Kept[session].Order(), IdsOf(before[session]).Order());

            var after = await CrashAsync(folder.Crash((CacheLoss)(at % 3)), world);
            foreach (string session in FaultStory.Sessions)
            {
                Assert.Equal(before[session], after[session].Take(before[session].Count));
                // What failed when it had been written may be on the disk, whole: nobody could find out, or take it back, before the machine went.
                Assert.Subset(story.Lost, IdsOf(after[session].Skip(before[session].Count)).ToHashSet());
            }
            await EndAsync(world, history);
            Assert.True(isReached || at > Operations, $"the story had only {at} operations");
        }
    }

    static Func<int, FileOperation, FileFault?> FailAt(int at, string way, int lasts) =>
        (number, _) => number >= at && number < at + lasts ? Enum.Parse<FileFault>(way) : null;

    static (World World, FaultStory Story, JournalHistory History) Live(FaultyFolder folder, World? before = null)
    {
        var history = JournalHistory.Open(folder, segmentBytes: SegmentBytes);
        var world = new World(history: history, before: before);
        world.Runtime.Start();
        return (world, new(world), history);
    }

    /// <summary>What recovery finds. It reports nothing but torn ends, and the journal goes on from there.</summary>
    static async Task<Dictionary<string, List<string>>> CrashAsync(FaultyFolder folder, World before)
    {
        var (world, _, history) = Live(folder, before);
        Assert.All(history.Faults, fault => Assert.True(fault.IsTorn, fault.ToString()));
        var found = await ReadAllAsync(world);
        const string Later = "session-later---------";
        Expect.Accepted(await world.SendAsync(World.Ada, world.Start(Later)));
        Assert.Empty(world.Faults);
        await EndAsync(world, history);

        var (again, _, last) = Live(folder.Crash(CacheLoss.All), world);
        Assert.Empty(last.Faults);
        Assert.Equal(found, await ReadAllAsync(again));
        Expect.Accepted(await again.NoteAsync(World.Bob, "on", Later));
        await EndAsync(again, last);
        return found;
    }

    /// <summary>What readers get of each session, with the mode's state in the end; nothing of one that is not known.</summary>
    static async Task<Dictionary<string, List<string>>> ReadAllAsync(World world)
    {
        var all = new Dictionary<string, List<string>>();
        foreach (string session in FaultStory.Sessions)
        {
            var found = await world.Runtime.SubscribeAsync(World.Ada, session, 0, includeAnnotations: true);
            var records = found.Succeeded(out var cursor, out _) ? await Expect.AvailableAsync(cursor) : [];
            if (records.Count > 0) Assert.Equal(Notes(records), world.StateOf(session).Split('"').Count(text => text is "one" or "two" or "three" or "four"));
            all[session] = [.. records.Select(r => $"{r.MessageId} {r.Ordinal} {r.Kind} {r.AcceptedAtUnixMs} {r.Envelope}")];
        }
        return all;
    }

    static int Notes(List<HistoryRecord> records) => records.Count(r => r.MessageType == "Note");

    /// <summary>The ids of clients' messages; those of annotations begin with the runtime's name.</summary>
    static IEnumerable<string> IdsOf(IEnumerable<string> records) => records.Select(r => r[..r.IndexOf(' ', StringComparison.Ordinal)]).Where(id => !id.StartsWith('_'));

    static async Task EndAsync(World world, JournalHistory history)
    {
        await world.Runtime.DisposeAsync();
        history.Dispose();
    }
}
