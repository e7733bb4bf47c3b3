using System.Runtime.CompilerServices;

namespace Macp.Runtime.Tests;

/// <summary>What is held of those who start sessions: nothing, once their sessions are gone.</summary>
public sealed class OpenSessionsTests
{
    readonly OpenSessions _open = new();

    [Fact]
    public void Initiators_whose_sessions_are_gone_are_forgotten_and_others_go_on_counting()
    {
        var held = _open.Of("held");
        Touch(1000);
        Assert.Equal(1001, _open.Count);
        GC.Collect();
        _open.ForgetGone();

        Assert.Equal(1, _open.Count);
        Assert.Same(held, _open.Of("held"));
    }

    [Fact]
    public void Who_comes_back_before_the_sweep_is_counted_anew()
    {
        Touch(1);
        GC.Collect();
        var anew = _open.Of("initiator 0");
        _open.ForgetGone();
        Assert.Same(anew, _open.Of("initiator 0"));
    }

    // In a frame of its own, so that nothing of it is on the stack.
    [MethodImpl(MethodImplOptions.NoInlining)]
    void Touch(int initiators)
    {
        for (int i = 0; i < initiators; i++) Assert.Empty(_open.Of($"initiator {i}").Snapshot());
    }
}
