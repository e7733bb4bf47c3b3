using Macp.Modes.Standard;
using Macp.Protocol;

namespace Macp.Samples;

/// <summary>Quorum: an action is put to three approvers, and two approvals carry it.</summary>
static class QuorumSample
{
    public static Task RunAsync(SampleStage stage, CancellationToken cancellationToken)
    {
        string id = SessionIds.New();
        return SampleStage.PlayAsync(cancellationToken,
            token => stage.NarrateAsync(new QuorumSession(stage.Connect("deployer"), new() { SessionId = id }), token),
            token => DeployerAsync(stage, id, token),
            token => ApproverAsync(stage, "ann", after: 0, approves: true, id, token),
            token => ApproverAsync(stage, "bob", after: 1, approves: false, id, token),
            token => ApproverAsync(stage, "cleo", after: 2, approves: true, id, token));
    }

    static async Task DeployerAsync(SampleStage stage, string id, CancellationToken cancellationToken)
    {
        await using var approval = new QuorumSession(stage.Connect("deployer"), new() { SessionId = id });
        await approval.StartAsync(new() { Intent = "deploy", Participants = ["ann", "bob", "cleo"], TimeToLive = TimeSpan.FromMinutes(5) },
            cancellationToken: cancellationToken).ConfigureAwait(false);
        await approval.AttachAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await approval.RequestApprovalAsync("deploy", requiredApprovals: 2, action: "deploy 2.0", summary: "All tests pass.", cancellationToken: cancellationToken).ConfigureAwait(false);

        // The bar is met, or so many have said no that it cannot be met any more.
        await approval.WaitForAsync(state => state.CommitmentReady("deploy"), cancellationToken).ConfigureAwait(false);
        await approval.CommitAsync(new()
        {
            Action = approval.Projection.HasQuorum("deploy") ? CommitmentActions.QuorumApproved : CommitmentActions.QuorumRejected,
            AuthorityScope = "production",
            Reason = $"{approval.Projection.ApprovalCount("deploy")} of {approval.Projection.Ballots.Count} approve",
        }, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    // In turn, so that the sample tells the same each time; nothing in the mode asks for it.
    static async Task ApproverAsync(SampleStage stage, string name, int after, bool approves, string id, CancellationToken cancellationToken)
    {
        await using var approval = new QuorumSession(stage.Connect(name), new() { SessionId = id });
        await approval.AttachAsync(SampleStage.Joining, cancellationToken: cancellationToken).ConfigureAwait(false);
        await approval.WaitForAsync(state => state.Request is not null && state.Ballots.Count == after, cancellationToken).ConfigureAwait(false);
        await (approves ? approval.ApproveAsync("deploy", "ready", cancellationToken: cancellationToken)
            : approval.RejectAsync("deploy", "it is Friday", cancellationToken: cancellationToken)).ConfigureAwait(false);
    }
}
