using Macp.Client;
using Macp.Wire.V1;

namespace Macp.Agents.Tests;

public class ErrorTests
{
    [Fact]
    public async Task A_handler_that_throws_ends_the_run_and_the_message_is_named()
    {
        await using var decisions = await Decisions.StartAsync();
        await decisions.ProposedAsync();
        bool later = false;
        var bob = decisions.Join("bob").On("Proposal", (_, _) => throw new InvalidOperationException("the author's own")).On("Proposal", (_, _) => { later = true; return Task.CompletedTask; });

        var failure = await Assert.ThrowsAsync<MacpHandlerException>(() => bob.RunAsync().Happens());

        Assert.Equal("the author's own", Assert.IsType<InvalidOperationException>(failure.InnerException).Message);
        Assert.Equal("Proposal", failure.MessageType);
        Assert.Contains(failure.MessageId!, failure.Message);
        Assert.False(later);
        Assert.False(bob.Session.IsAttached);
    }

    [Fact]
    public async Task A_refused_action_ends_the_run_unless_somebody_decides_otherwise()
    {
        await using var decisions = await Decisions.StartAsync();
        var alice = await decisions.ProposedAsync();
        var errors = new List<AgentError>();
        var commits = decisions.Join("bob").On("Proposal", (context, token) => context.Session.CommitAsync(Decisions.Outcome, cancellationToken: token));
        var goesOn = decisions.Join("bob").On("Proposal", (context, token) => context.Session.CommitAsync(Decisions.Outcome, cancellationToken: token))
            .OnError((error, _) => { errors.Add(error); return ValueTask.FromResult(ErrorAction.Continue); });

        var failure = await Assert.ThrowsAsync<MacpHandlerException>(() => commits.RunAsync().Happens());
        var running = goesOn.RunAsync();
        await Soon.Holds(() => errors.Count == 1);
        await alice.CommitAsync(Decisions.Outcome);

        Assert.Equal("FORBIDDEN", Assert.IsType<MacpNackException>(failure.InnerException).Code.Value);
        Assert.Equal(SessionState.Resolved, (await running.Happens()).State);
        Assert.IsType<MacpNackException>(errors[0].Exception);
        Assert.Equal("Proposal", errors[0].Change!.Envelope.MessageType);
    }

    [Fact]
    public async Task A_handler_that_gives_up_by_itself_has_failed()
    {
        await using var decisions = await Decisions.StartAsync();
        await decisions.ProposedAsync();
        var bob = decisions.Join("bob").On("Proposal", (_, _) => throw new TaskCanceledException("the model took too long"));

        Assert.IsType<TaskCanceledException>((await Assert.ThrowsAsync<MacpHandlerException>(() => bob.RunAsync().Happens())).InnerException);
    }

    [Fact]
    public async Task A_handler_of_the_end_is_guarded_too()
    {
        await using var decisions = await Decisions.StartAsync();
        var alice = await decisions.ProposedAsync();
        await alice.CommitAsync(Decisions.Outcome);
        var bob = decisions.Join("bob").OnTerminal((_, _) => throw new InvalidOperationException("the author's own"));

        Assert.Null((await Assert.ThrowsAsync<MacpHandlerException>(() => bob.RunAsync().Happens())).MessageType);
    }

    [Fact]
    public async Task A_runtime_that_is_gone_is_told_as_such()
    {
        var decisions = await Decisions.StartAsync();
        await decisions.ProposedAsync();
        var joined = new TaskCompletionSource();
        var hasty = new FollowOptions { Reconnect = MacpRetryPolicy.None };
        var running = decisions.Join("bob", new() { Follow = hasty }).On("Proposal", (_, _) => { joined.SetResult(); return Task.CompletedTask; }).RunAsync();
        await joined.Task.Happens();

        await decisions.DisposeAsync();

        await Assert.ThrowsAnyAsync<MacpException>(() => running.Happens());
    }

    [Fact]
    public async Task A_start_that_is_refused_leaves_the_run()
    {
        await using var decisions = await Decisions.StartAsync();
        await decisions.ProposedAsync();
        var second = decisions.Join("alice", new() { Initiator = new() { Start = Decisions.Start } });

        Assert.Equal("SESSION_ALREADY_EXISTS", (await Assert.ThrowsAsync<MacpNackException>(() => second.RunAsync().Happens())).Code.Value);
    }
}
