using Macp.Modes;
using Macp.Wire.V1;

namespace Auctions;

/// <summary>What a policy may rule about an auction.</summary>
public sealed record AuctionRules : IModeRules<AuctionRules>
{
    /// <inheritdoc/>
    public static AuctionRules Default { get; } = new();

    /// <summary>Policies that are registered wherever the mode is hosted.</summary>
    public static IReadOnlyList<PolicyDescriptor> Policies =>
        [AuctionPolicy.Create("policy.example.auction", "Two bids, and not below 100.00.", new() { MinimumBids = 2, ReservePrice = 100_00 })];

    /// <summary>How many bids must be revealed before the lot is sold.</summary>
    [RuleRange(1)]
    public int MinimumBids { get; init; } = 1;

    /// <summary>The least that the lot is sold for, in cents.</summary>
    [RuleRange(0)]
    public long ReservePrice { get; init; }
}
