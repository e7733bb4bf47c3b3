using Macp.Modes;
using Macp.Modes.Standard;
using Macp.Testing;

namespace Macp.Conformance.Tests;

/// <summary>Fixtures name the same senders again and again; a runtime lets each start only so many sessions a minute.</summary>
public class LimitedRuntime
{
    [Fact]
    public async Task Its_limit_of_starts_is_waited_for()
    {
        var clock = new TestClock();
        await using var runtime = await TestRuntime.StartAsync(modes => modes.Add<DecisionMode>(), clock, new() { SessionStartLimitPerMinute = 1 });
        await using var conformance = await Testing.Conformance.ConnectAsync(new ModeCatalog().Add<DecisionMode>(), runtime.Endpoint);
        var fixture = OwnFixtures.Read("decision_roles");

        Assert.Equal(CheckResult.Pass, await conformance.CheckAsync("first", fixture));
        var second = conformance.CheckAsync("second", fixture);
        await Task.Delay(TimeSpan.FromSeconds(0.3));
        clock.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal(CheckResult.Pass, await second);
    }
}
