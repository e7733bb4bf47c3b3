using Macp.Client;
using Macp.Modes.Standard;
using Macp.Protocol;

namespace Macp.Samples;

/// <summary>
/// Decision: a chair proposes, members evaluate and vote, and the chair commits to what the majority wants. Each agent has a connection and an attached session of its
/// own, as it would have in a process of its own; it waits for what it answers to, and never asks twice.
/// </summary>
static class DecisionSample
{
    public static Task RunAsync(SampleStage stage, CancellationToken cancellationToken)
    {
        string id = SessionIds.New();
        return SampleStage.PlayAsync(cancellationToken,
            token => stage.NarrateAsync(new DecisionSession(stage.Connect("chair"), new() { SessionId = id }), token),
            token => ChairAsync(stage, id, token),
            token => MemberAsync(stage, "ann", after: 0, confidence: 0.9, id, token),
            token => MemberAsync(stage, "bob", after: 1, confidence: 0.7, id, token));
    }

    static async Task ChairAsync(SampleStage stage, string id, CancellationToken cancellationToken)
    {
        await using var decision = new DecisionSession(stage.Connect("chair"), new() { SessionId = id });
        await decision.StartAsync(new() { Intent = "choose a release day", Participants = ["chair", "ann", "bob"], TimeToLive = TimeSpan.FromMinutes(5) },
            cancellationToken: cancellationToken).ConfigureAwait(false);
        // From here on the projection shows what everybody sends, in the order of the session's history.
        await decision.AttachAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await decision.ProposeAsync("monday", "release on Monday", "everybody is back", cancellationToken: cancellationToken).ConfigureAwait(false);

        await decision.WaitForAsync(state => state.Votes.GetValueOrDefault("monday")?.Count == 2, cancellationToken).ConfigureAwait(false);
        string winner = decision.Projection.MajorityWinner ?? throw new MacpException("nothing has a majority");
        await decision.CommitAsync(new()
        {
            Action = CommitmentActions.DecisionSelected,
            AuthorityScope = "the release",
            Reason = $"{decision.Projection.VoteTotals[winner]} voted for {winner}",
        }, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    // The members speak in turn, so that the sample tells the same each time; nothing in the mode asks for it.
    static async Task MemberAsync(SampleStage stage, string name, int after, double confidence, string id, CancellationToken cancellationToken)
    {
        await using var decision = new DecisionSession(stage.Connect(name), new() { SessionId = id });
        await decision.AttachAsync(SampleStage.Joining, cancellationToken: cancellationToken).ConfigureAwait(false);

        await decision.WaitForAsync(state => state.Proposals.ContainsKey("monday") && state.Evaluations.Count == after, cancellationToken).ConfigureAwait(false);
        await decision.EvaluateAsync("monday", Recommendations.Approve, confidence, "the tests pass", cancellationToken: cancellationToken).ConfigureAwait(false);

        // The first vote ends the deliberation: not before both have spoken.
        await decision.WaitForAsync(state => state.Evaluations.Count == 2 && (state.Votes.GetValueOrDefault("monday")?.Count ?? 0) == after, cancellationToken).ConfigureAwait(false);
        await decision.VoteAsync("monday", Votes.Approve, cancellationToken: cancellationToken).ConfigureAwait(false);
    }
}
