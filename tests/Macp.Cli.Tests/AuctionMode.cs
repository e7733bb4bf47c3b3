using Macp.Cli.Tests.Wire;
using Macp.Modes;
using Macp.Wire.Modes.Decision.V1;

namespace Macp.Cli.Tests;

/// <summary>A mode such as a host brings along.</summary>
[Mode("ext.auction.v1", Title = "Auction Mode", Description = "The highest bid wins.")]
public sealed partial class AuctionMode
{
    public enum Phase { Bidding, Committed }

    public sealed partial class State
    {
        public Dictionary<string, int> Bids { get; } = new(StringComparer.Ordinal);
    }

    [Message<Phase>("Bid", During = [Phase.Bidding])]
    [Required(nameof(BidPayload.Lot))]
    static void Bidden(State state, BidPayload bid, MessageContext message) => state.Bids[message.Sender] = bid.Amount;

    [Commitment<Phase>(MovesTo = Phase.Committed)]
    static Rejection? Sold(State state) => state.Bids.Count > 0 ? null : Rejection.InvalidEnvelope("nobody has bid");
}

/// <summary>The mode's next version, whose bids are other messages.</summary>
[Mode("ext.auction.v1", Version = "2.0.0", Title = "Auction Mode", Description = "The highest bid wins.")]
public sealed partial class NextAuctionMode
{
    public enum Phase { Bidding, Committed }

    public sealed partial class State
    {
        public HashSet<string> Bidders { get; } = new(StringComparer.Ordinal);
    }

    [Message<Phase>("Bid", During = [Phase.Bidding])]
    static void Bidden(State state, ProposalPayload bid, MessageContext message) => state.Bidders.Add(message.Sender);

    [Commitment<Phase>(MovesTo = Phase.Committed)]
    static Rejection? Sold(State state) => state.Bidders.Count > 0 ? null : Rejection.InvalidEnvelope("nobody has bid");
}
