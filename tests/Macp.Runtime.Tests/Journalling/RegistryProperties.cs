using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Macp.Runtime.Tests;

/// <summary>Whatever was asked of the registries, a process that takes up the journal answers as the one that wrote it would.</summary>
public sealed class RegistryProperties
{
    static readonly int Cases =
        int.TryParse(Environment.GetEnvironmentVariable("MACP_PROPERTY_CASES"), NumberStyles.None, CultureInfo.InvariantCulture, out int cases) ? cases : 300;

    static Arbitrary<RegistryCall[]> Sequences { get; } = Arb.From(
        from length in Gen.Choose(1, 30)
        from calls in Gen.ArrayOf(AnyCall, length)
        select calls, Shorter);

    // Every kind as often as any other.
    static Gen<RegistryCall> AnyCall => Gen.OneOf(RegistryCall.All.GroupBy(call => call.Kind).Select(kind => Gen.Elements(kind.AsEnumerable())));

    [Fact]
    public void A_restart_changes_no_list_and_no_later_answer()
    {
        var made = new Dictionary<string, int>();
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(Cases), Prop.ForAll(Sequences, Sequences, (before, after) =>
            PlayAsync(before, after, made).GetAwaiter().GetResult() is { } parted ? false.Label(parted) : true.ToProperty()));

        // So that it does not hold of nothing. Few sequences may miss something by chance.
        if (Cases < 300) return;
        Assert.All(RegistryCall.All.Select(call => call.Kind).Distinct(), kind => Assert.True(made.GetValueOrDefault(kind) >= Cases / 10, $"hardly ever made: {kind}"));
    }

    /// <summary>Where the two part; null when they do not.</summary>
    static async Task<string?> PlayAsync(RegistryCall[] before, RegistryCall[] after, Dictionary<string, int> made)
    {
        var folder = new FaultyFolder();
        using var history = JournalHistory.Open(folder, segmentBytes: 1000);
        var world = new World(history: history);
        foreach (var call in before)
        {
            world.Time.Advance(1);
            if (RegistryCall.IsMade(await call.Ask(world.Runtime))) made[call.Kind] = made.GetValueOrDefault(call.Kind) + 1;
        }

        using var restarted = JournalHistory.Open(folder.Crash(CacheLoss.All));
        var again = new World(history: restarted);
        again.Time.Advance(before.Length);
        again.Runtime.Start();
        string? parted = Part("the restart", RegistryCall.LookAt(world.Runtime), RegistryCall.LookAt(again.Runtime)) ?? (again.Faults.Count > 0 ? again.Faults[0].Message : null);
        foreach (var call in after)
        {
            parted ??= Part($"{call}", await call.Ask(world.Runtime), await call.Ask(again.Runtime));
            parted ??= Part($"{call} was answered", RegistryCall.LookAt(world.Runtime), RegistryCall.LookAt(again.Runtime));
        }
        await again.Runtime.DisposeAsync();
        return parted;
    }

    static string? Part(string when, string first, string second) => first == second ? null : $"at {when}:\n{first}\nand\n{second}";

    static IEnumerable<RegistryCall[]> Shorter(RegistryCall[] calls)
    {
        for (int i = 0; i < calls.Length; i++) yield return [.. calls[..i], .. calls[(i + 1)..]];
    }
}
