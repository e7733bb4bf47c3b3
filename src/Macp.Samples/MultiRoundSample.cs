using Macp.Modes.MultiRound;
using Macp.Protocol;

namespace Macp.Samples;

/// <summary>Multi-round: estimators contribute a number each, then move to the middle one, until all contribute the same.</summary>
static class MultiRoundSample
{
    public static Task RunAsync(SampleStage stage, CancellationToken cancellationToken)
    {
        string id = SessionIds.New();
        return SampleStage.PlayAsync(cancellationToken,
            token => stage.NarrateAsync(new MultiRoundSession(stage.Connect("lead"), new() { SessionId = id }), token),
            token => LeadAsync(stage, id, token),
            token => EstimatorAsync(stage, "ann", seat: 0, estimate: 5, id, token),
            token => EstimatorAsync(stage, "bob", seat: 1, estimate: 8, id, token),
            token => EstimatorAsync(stage, "cleo", seat: 2, estimate: 8, id, token));
    }

    static async Task LeadAsync(SampleStage stage, string id, CancellationToken cancellationToken)
    {
        await using var rounds = new MultiRoundSession(stage.Connect("lead"), new() { SessionId = id });
        await rounds.StartAsync(new() { Intent = "estimate the work, in days", Participants = ["ann", "bob", "cleo"], TimeToLive = TimeSpan.FromMinutes(5) },
            cancellationToken: cancellationToken).ConfigureAwait(false);
        await rounds.AttachAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await rounds.WaitForAsync(state => state.IsConverged, cancellationToken).ConfigureAwait(false);
        await rounds.CommitAsync(
            new() { Action = "estimate.agreed", AuthorityScope = "the plan", Reason = $"{rounds.Projection.ConvergedValue} days after {rounds.Projection.Round} contributions" },
            cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    static async Task EstimatorAsync(SampleStage stage, string name, int seat, int estimate, string id, CancellationToken cancellationToken)
    {
        await using var rounds = new MultiRoundSession(stage.Connect(name), new() { SessionId = id });
        await rounds.AttachAsync(SampleStage.Joining, cancellationToken: cancellationToken).ConfigureAwait(false);

        // In turn, so that the sample tells the same each time; nothing in the mode asks for it.
        await rounds.WaitForAsync(state => state.Round == seat, cancellationToken).ConfigureAwait(false);
        await rounds.ContributeAsync($"{estimate}", cancellationToken: cancellationToken).ConfigureAwait(false);

        await rounds.WaitForAsync(state => state.Contributions.Count == 3, cancellationToken).ConfigureAwait(false);
        string middle = rounds.Projection.Contributions.Values.Order(StringComparer.Ordinal).ElementAt(1);
        if (middle != $"{estimate}") await rounds.ContributeAsync(middle, cancellationToken: cancellationToken).ConfigureAwait(false);
    }
}
