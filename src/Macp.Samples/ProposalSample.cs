using Macp.Modes.Standard;
using Macp.Protocol;

namespace Macp.Samples;

/// <summary>Proposal: a seller and a buyer negotiate. An offer binds once both accept the same one.</summary>
static class ProposalSample
{
    public static Task RunAsync(SampleStage stage, CancellationToken cancellationToken)
    {
        string id = SessionIds.New();
        return SampleStage.PlayAsync(cancellationToken,
            token => stage.NarrateAsync(new ProposalSession(stage.Connect("seller"), new() { SessionId = id }), token),
            token => SellerAsync(stage, id, token),
            token => BuyerAsync(stage, id, token));
    }

    static async Task SellerAsync(SampleStage stage, string id, CancellationToken cancellationToken)
    {
        await using var deal = new ProposalSession(stage.Connect("seller"), new() { SessionId = id });
        await deal.StartAsync(new() { Intent = "agree on a price", Participants = ["seller", "buyer"], TimeToLive = TimeSpan.FromMinutes(5) },
            cancellationToken: cancellationToken).ConfigureAwait(false);
        await deal.AttachAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await deal.ProposeAsync("full-price", "1200 a month", cancellationToken: cancellationToken).ConfigureAwait(false);

        // A counter-proposal names what it answers, and stands beside it until one of them is accepted.
        await deal.WaitForAsync(state => state.CounterProposals == 1, cancellationToken).ConfigureAwait(false);
        await deal.AcceptAsync(deal.Projection.LatestProposal!.ProposalId, "for a year's term", cancellationToken: cancellationToken).ConfigureAwait(false);

        // CanCommit asks the mode's own rule, which the runtime asks again.
        await deal.WaitForAsync(state => state.CanCommit(positive: true) is null, cancellationToken).ConfigureAwait(false);
        string agreed = deal.Projection.AcceptedProposal!;
        await deal.CommitAsync(new()
        {
            Action = CommitmentActions.ProposalAccepted,
            AuthorityScope = "the contract",
            Reason = $"both accept {agreed}: {deal.Projection.Proposals[agreed].Title}",
        }, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    static async Task BuyerAsync(SampleStage stage, string id, CancellationToken cancellationToken)
    {
        await using var deal = new ProposalSession(stage.Connect("buyer"), new() { SessionId = id });
        await deal.AttachAsync(SampleStage.Joining, cancellationToken: cancellationToken).ConfigureAwait(false);
        await deal.WaitForAsync(state => state.Proposals.ContainsKey("full-price"), cancellationToken).ConfigureAwait(false);
        await deal.CounterProposeAsync("discount", "full-price", "1000 a month, for a year", cancellationToken: cancellationToken).ConfigureAwait(false);
        await deal.WaitForAsync(state => state.Accepts.ContainsKey("seller"), cancellationToken).ConfigureAwait(false);
        await deal.AcceptAsync("discount", cancellationToken: cancellationToken).ConfigureAwait(false);
    }
}
