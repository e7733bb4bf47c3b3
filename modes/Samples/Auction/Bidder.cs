using System.Security.Cryptography;
using Macp.Client;

namespace Auctions;

/// <summary>An agent that takes part in an auction.</summary>
public static class Bidder
{
    /// <summary>Seals a bid when the auction is open, reveals it when the bidding is closed, and answers the winning bid once that binds.</summary>
    /// <param name="client">A connection in the bidder's name.</param>
    /// <param name="sessionId">The auction.</param>
    /// <param name="name">The bidder.</param>
    /// <param name="amount">What it bids, in cents.</param>
    public static async Task<AuctionMode.Bid?> TakePartAsync(MacpClient client, string sessionId, string name, long amount)
    {
        var auction = new AuctionSession(client, new() { SessionId = sessionId });
        string nonce = RandomNumberGenerator.GetHexString(32);
        await foreach (var item in auction.FollowAsync())
        {
            if (item is not SessionStreamItem.Accepted { Envelope.MessageType: var type }) continue;
            if (type == "OpenAuction") await auction.BidAsync(AuctionMode.SealOf(auction.Projection.Lot!, name, amount, nonce));
            if (type == "CloseBidding") await auction.RevealAsync(amount, nonce);
        }
        return auction.Projection.WinningBid;
    }
}
