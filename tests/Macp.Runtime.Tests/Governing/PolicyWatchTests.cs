using Macp.Modes.Standard;
using Macp.Wire.V1;

namespace Macp.Runtime.Tests.Governing;

/// <summary>Who watches the policies is told all of them, and again after every change.</summary>
public sealed class PolicyWatchTests
{
    readonly Office _office = new();

    [Fact]
    public async Task First_everything_there_is_and_then_everything_again_after_each_change()
    {
        await using var watch = Office.Answer(_office.Runtime.Policies.Watch(Office.Bob)).GetAsyncEnumerator();
        var first = await NextAsync(watch);
        Assert.Equal(_office.Ids(), first.Descriptors.Select(policy => policy.PolicyId));
        Assert.Equal(FakeTime.Origin, first.ObservedAtUnixMs);

        _office.Time.Advance(10);
        Assert.True((await _office.RegisterAsync(Policy("policy.a"))).Ok);
        var second = await NextAsync(watch);
        Assert.Equal(_office.Get("policy.a"), Assert.Single(second.Descriptors, policy => policy.PolicyId == "policy.a"));
        Assert.Equal(FakeTime.Origin + 10, second.ObservedAtUnixMs);

        Assert.True((await _office.UnregisterAsync("policy.a")).Ok);
        Assert.Equal(_office.Ids(), (await NextAsync(watch)).Descriptors.Select(policy => policy.PolicyId));
    }

    [Fact]
    public async Task What_was_refused_wakes_nobody()
    {
        await using var watch = Office.Answer(_office.Runtime.Policies.Watch(Office.Bob)).GetAsyncEnumerator();
        await NextAsync(watch);
        var next = watch.MoveNextAsync().AsTask();
        Assert.False((await _office.RegisterAsync(Policy("policy.std.a"))).Ok);
        Assert.False((await _office.UnregisterAsync("policy.unheard")).Ok);
        Assert.False(next.IsCompleted);

        Assert.True((await _office.RegisterAsync(Policy("policy.a"))).Ok);
        Assert.True(await Expect.SoonAsync(next, "the change"));
    }

    [Fact]
    public async Task No_change_is_missed_whoever_makes_it_whenever()
    {
        const int Writers = 4, Each = 25;
        await using var watch = Office.Answer(_office.Runtime.Policies.Watch(Office.Bob)).GetAsyncEnumerator();
        var writing = Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (int i = 0; i < Each; i++) Assert.True((await _office.RegisterAsync(Policy($"policy.{writer}.{i}"))).Ok);
        })).ToList();

        int known = 0;
        while (known < Writers * Each + 4)
        {
            int told = (await NextAsync(watch)).Descriptors.Count;
            Assert.InRange(told, known, int.MaxValue); // never less than before
            known = told;
        }
        await Task.WhenAll(writing);
    }

    [Fact]
    public async Task It_ends_when_it_is_given_up_and_not_before()
    {
        using var enough = new CancellationTokenSource();
        await using var watch = Office.Answer(_office.Runtime.Policies.Watch(Office.Bob)).GetAsyncEnumerator(enough.Token);
        await NextAsync(watch);
        var next = watch.MoveNextAsync().AsTask();
        await enough.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Expect.SoonAsync(next, "the end"));
    }

    [Fact]
    public void It_needs_an_identity_and_no_right() => Expect.Failed(FailureKind.Unauthenticated, _office.Runtime.Policies.Watch(null));

    static async Task<WatchPoliciesResponse> NextAsync(IAsyncEnumerator<WatchPoliciesResponse> watch)
    {
        Assert.True(await Expect.SoonAsync(watch.MoveNextAsync().AsTask(), "the next list"));
        return watch.Current;
    }

    static PolicyDescriptor Policy(string id) => new(TaskPolicy.Create("policy.test", "A test's.")) { PolicyId = id };
}
