using Macp.Client;
using Macp.Modes;
using Macp.Modes.Standard;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Samples;

/// <summary>
/// Policies: one is registered, a session is bound to it, and agents act by what it rules. Here an auditor commits, and no one else; and not before two thirds of the
/// votes approve. All agents run the same code: who commits, and when, they read in the policy.
/// </summary>
static class PolicySample
{
    public static async Task RunAsync(SampleStage stage, CancellationToken cancellationToken)
    {
        var registrar = stage.Connect("registrar");
        // What was registered under an id is all that this id can ever be; and so each run takes one of its own.
        var policy = DecisionPolicy.Create($"policy.samples.{Guid.NewGuid():N}", "Two thirds approve; the auditor commits.",
            new() { Voting = new() { Algorithm = VotingAlgorithm.Supermajority, Threshold = 0.66, Quorum = new() { Value = 3 } } },
            new() { Authority = CommitmentAuthority.DesignatedRole, DesignatedRoles = ["auditor"], RequireVoteQuorum = true });
        await registrar.RegisterPolicyAsync(policy, cancellationToken: cancellationToken).ConfigureAwait(false);

        string id = SessionIds.New();
        IReadOnlyList<string> denials = [];
        await SampleStage.PlayAsync(cancellationToken,
            [
                token => stage.NarrateAsync(new DecisionSession(stage.Connect("chair"), new() { SessionId = id }), token),
                token => ChairAsync(stage, id, policy, token),
                token => MemberAsync(stage, "ann", after: 0, Votes.Approve, id, token),
                token => MemberAsync(stage, "bob", after: 1, Votes.Reject, id, token),
                async token =>
                {
                    denials = await HastyAsync(stage, id, token).ConfigureAwait(false);
                    await MemberAsync(stage, "cleo", after: 2, Votes.Approve, id, token).ConfigureAwait(false);
                },
                token => CommitterAsync(stage, "chair", id, token),
                token => CommitterAsync(stage, "auditor", id, token),
            ]).ConfigureAwait(false);
        foreach (string denial in denials) await stage.TellAsync($"before, it was denied: {denial}").ConfigureAwait(false);
        await registrar.UnregisterPolicyAsync(policy.PolicyId, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    static async Task ChairAsync(SampleStage stage, string id, PolicyDescriptor policy, CancellationToken cancellationToken)
    {
        var decision = new DecisionSession(stage.Connect("chair"), new() { SessionId = id, Policy = policy });
        await decision.StartAsync(new() { Intent = "adopt a format", Participants = ["chair", "ann", "bob", "cleo"], TimeToLive = TimeSpan.FromMinutes(5) },
            cancellationToken: cancellationToken).ConfigureAwait(false);
        await decision.ProposeAsync("json", "everything is JSON", cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    // In turn, so that the sample tells the same each time; nothing in the mode asks for it.
    static async Task MemberAsync(SampleStage stage, string name, int after, string vote, string id, CancellationToken cancellationToken)
    {
        await using var decision = new DecisionSession(stage.Connect(name), new() { SessionId = id });
        await decision.AttachAsync(SampleStage.Joining, cancellationToken: cancellationToken).ConfigureAwait(false);
        await decision.WaitForAsync(state => state.Proposals.Count == 1 && BallotsOf(state) == after, cancellationToken).ConfigureAwait(false);
        await decision.VoteAsync("json", vote, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    // Nobody has bound the policy here: the session has asked the runtime what it rules.
    static async Task CommitterAsync(SampleStage stage, string name, string id, CancellationToken cancellationToken)
    {
        await using var decision = new DecisionSession(stage.Connect(name), new() { SessionId = id });
        await decision.AttachAsync(SampleStage.Joining, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (decision.Projection.Session!.MayCommit(name) is false) return;
        await decision.WaitForAsync(state => state.CanCommit(positive: true) is null, cancellationToken).ConfigureAwait(false);
        await decision.CommitAsync(new()
        {
            Action = CommitmentActions.DecisionSelected,
            AuthorityScope = "the format",
            Reason = $"{name} commits, by a vote of {BallotsOf(decision.Projection)}",
        }, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What the runtime says to an auditor that does not look first: the policy's reasons, all at once.</summary>
    static async Task<IReadOnlyList<string>> HastyAsync(SampleStage stage, string id, CancellationToken cancellationToken)
    {
        await using var decision = new DecisionSession(stage.Connect("auditor"), new() { SessionId = id, PolicyVersion = "" });
        await decision.AttachAsync(SampleStage.Joining, cancellationToken: cancellationToken).ConfigureAwait(false);
        await decision.WaitForAsync(state => BallotsOf(state) == 2, cancellationToken).ConfigureAwait(false);
        var ack = await decision.CommitAsync(new() { Action = CommitmentActions.DecisionSelected, AuthorityScope = "the format", Reason = "too early" },
            new() { ThrowOnNack = false }, cancellationToken).ConfigureAwait(false);
        return ack.Error?.Code == ErrorCode.PolicyDenied ? ack.Error.Reasons : throw new MacpException("the policy was to deny this");
    }

    static int BallotsOf(DecisionProjection state) => state.Votes.GetValueOrDefault("json")?.Count ?? 0;
}
