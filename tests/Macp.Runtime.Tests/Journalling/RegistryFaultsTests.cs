namespace Macp.Runtime.Tests;

/// <summary>
/// Every file operation of a story of registry changes fails, in every way, once or for a while; then the machine crashes. A change that was acknowledged
/// is there, and one that was answered INTERNAL is not.
/// </summary>
public sealed class RegistryFaultsTests
{
    // Fewer than the story has.
    const int Operations = 20;
    const long SegmentBytes = 300;

    static readonly RegistryCall[] Story =
    [
        RegistryCall.RegisterMode(),
        RegistryCall.RegisterPolicy("policy.a", Extension.Mode),
        RegistryCall.RegisterPolicy("policy.b"),
        RegistryCall.UnregisterPolicy("policy.b"),
        RegistryCall.RegisterMode("ext.other.v1"),
        RegistryCall.UnregisterMode("ext.other.v1"),
        RegistryCall.Promote(Extension.Mode, "com.example.standup.v1"),
        RegistryCall.Promote(NotesMode.Identifier, ""),
    ];

    public static TheoryData<string, int> Ways => FaultsAtEveryPointTests.Ways;

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task What_was_refused_can_be_asked_again_and_a_crash_then_takes_nothing(string way, int lasts)
    {
        bool isReached = true;
        for (int at = 1; isReached; at++)
        {
            var folder = new FaultyFolder(at);
            using var history = JournalHistory.Open(folder, segmentBytes: SegmentBytes);
            var world = new World(history: history);
            folder.Plan = FailAt(at, way, lasts);
            foreach (var call in Story)
                while (!await IsMadeAsync(call, world)) { }
            isReached = folder.Operations >= at;
            Assert.Equal(await LookAfterAsync(Story), await LookAfterCrashAsync(folder, at));
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
            using var history = JournalHistory.Open(folder, segmentBytes: SegmentBytes);
            var world = new World(history: history);
            folder.Plan = FailAt(at, way, lasts);
            int made = 0;
            while (made < Story.Length && await IsMadeAsync(Story[made], world)) made++;
            isReached = folder.Operations >= at;
            // What failed when it had been written may be on the disk, whole: nobody could find out, or take it back, before the machine went.
            string[] expected = [await LookAfterAsync(Story[..made]), await LookAfterAsync(Story[..Math.Min(made + 1, Story.Length)])];
            Assert.Contains(await LookAfterCrashAsync(folder, at), expected);
            Assert.True(isReached || at > Operations, $"the story had only {at} operations");
        }
    }

    /// <summary>Whether a change was made; if not, nothing shows it.</summary>
    static async Task<bool> IsMadeAsync(RegistryCall call, World world)
    {
        string before = RegistryCall.LookAt(world.Runtime), answer = await Expect.SoonAsync(call.Ask(world.Runtime), "an answer");
        if (RegistryCall.IsMade(answer)) return true;
        Assert.StartsWith("Internal: INTERNAL_ERROR", answer, StringComparison.Ordinal);
        Assert.Equal(before, RegistryCall.LookAt(world.Runtime));
        return false;
    }

    /// <summary>What is listed when these changes were made.</summary>
    static async Task<string> LookAfterAsync(RegistryCall[] calls)
    {
        var world = new World();
        foreach (var call in calls) await call.MakeAsync(world.Runtime);
        return RegistryCall.LookAt(world.Runtime);
    }

    /// <summary>What is listed after a crash, and after another one, with a change between them.</summary>
    static async Task<string> LookAfterCrashAsync(FaultyFolder folder, int at)
    {
        var crashed = folder.Crash((CacheLoss)(at % 3));
        string look = await TakeUpAsync(crashed, RegistryCall.RegisterPolicy("policy.later"));
        string later = await TakeUpAsync(crashed.Crash(CacheLoss.All), RegistryCall.UnregisterPolicy("policy.later"));
        Assert.Contains("policy.later", later, StringComparison.Ordinal);
        return look;
    }

    static async Task<string> TakeUpAsync(FaultyFolder folder, RegistryCall then)
    {
        using var history = JournalHistory.Open(folder, segmentBytes: SegmentBytes);
        Assert.All(history.Faults, fault => Assert.True(fault.IsTorn, fault.ToString()));
        var world = new World(history: history);
        world.Runtime.Start();
        string look = RegistryCall.LookAt(world.Runtime);
        await then.MakeAsync(world.Runtime);
        Assert.Empty(world.Faults);
        await world.Runtime.DisposeAsync();
        return look;
    }

    static Func<int, FileOperation, FileFault?> FailAt(int at, string way, int lasts) =>
        (number, _) => number >= at && number < at + lasts ? Enum.Parse<FileFault>(way) : null;
}
