namespace Macp.Modes.Generators.Tests.Harness;

/// <summary>A small mode with most words of the vocabulary in it. Tests change it a little.</summary>
internal static class Auction
{
    public static Source Source { get; } = new("AuctionMode.cs", """
        using Macp.Modes;
        using Macp.Wire.Tests;

        namespace App;

        [Mode("ext.auction.v1", Version = "1.2.0", Title = "Auction", Rules = typeof(AuctionRules))]
        public sealed partial class AuctionMode
        {
            public enum Phase { Open, Closed, Committed }

            public sealed record Bid(string BidId, string Bidder, double Amount)
            {
                public bool IsLive { get; init; } = true;
            }

            public sealed partial class State
            {
                public Dictionary<string, Bid> Bids { get; } = new(StringComparer.Ordinal);
                public HashSet<string> Passed { get; } = new(StringComparer.Ordinal);
                public Bid? Highest { get; internal set; }
            }

            [Message<Phase>("Bid", During = [Phase.Open], Client = "PlaceBid")]
            [Required(nameof(BidPayload.BidId))]
            [OneOf(nameof(BidPayload.Kind), "OPEN", "SEALED", Default = "OPEN")]
            [InRange(nameof(BidPayload.Amount), 0, 1000)]
            [Unique(nameof(BidPayload.BidId), In = nameof(State.Bids))]
            static void Placed(State state, BidPayload bid, MessageContext message) =>
                state.Bids.Add(bid.BidId, state.Highest = new(bid.BidId, message.Sender, bid.Amount));

            [Guard("Bid")]
            static Rejection? Outbids(State state, BidPayload bid) =>
                state.Highest is { } highest && bid.Amount <= highest.Amount ? Rejection.InvalidEnvelope("a bid must be higher than the highest") : null;

            [Message<Phase>("Withdraw", During = [Phase.Open])]
            [References(nameof(WithdrawPayload.BidId), In = nameof(State.Bids), Where = nameof(Bid.IsLive), By = nameof(Bid.Bidder))]
            static void Withdrawn(State state, WithdrawPayload withdrawal) =>
                state.Bids[withdrawal.BidId] = state.Bids[withdrawal.BidId] with { IsLive = false };

            [Message<Phase>("Pass", During = [Phase.Open], MovesTo = Phase.Closed)]
            [NamesParticipant(nameof(PassPayload.To), NotSender = true, Optional = true)]
            [OncePerSender(In = nameof(State.Passed))]
            static void Passes(State state, MessageContext message, PassPayload pass) => state.Passed.Add(message.Sender);

            [StartRule]
            static Rejection? HasTwo(SessionContext session) => session.Participants.Count < 2 ? Rejection.InvalidEnvelope("an auction needs two") : null;

            [Commitment<Phase>(MovesTo = Phase.Committed)]
            static Rejection? HasWinner(State state, bool positive) =>
                positive == state.Highest is not null ? null : Rejection.InvalidEnvelope("the highest bid wins");

            [Policy]
            static IEnumerable<string> Denials(State state, AuctionRules rules, bool positive)
            {
                if (positive && state.Highest!.Amount < rules.Reserve.Least) yield return "the highest bid is below the reserve";
            }

            public static int LiveBids(State state) => state.Bids.Values.Count(bid => bid.IsLive);

            public static double AmountOf(State state, string bidId) => state.Bids.TryGetValue(bidId, out var bid) ? bid.Amount : 0;
        }

        public sealed class AuctionRules : IModeRules<AuctionRules>
        {
            public static AuctionRules Default { get; } = new();

            public ReserveRules Reserve { get; init; } = new();

            public sealed record ReserveRules
            {
                [RuleRange(0, 500, Above = true)]
                public double? Least { get; init; }

                public ReserveKind Kind { get; init; } = ReserveKind.OpenToAll;
                public uint Rounds { get; init; } = 1;
                public string Note { get; init; } = "";
                public bool IsSecret { get; init; }
                public IReadOnlyList<string> Bidders { get; init; } = [];
                public IReadOnlyDictionary<string, double>? Limits { get; init; }
            }

            public enum ReserveKind { OpenToAll, BySeller }
        }
        """);

    /// <summary>The same mode under another name.</summary>
    public static Source Named(string name, string @namespace = "App") => new(
        $"{@namespace}.{name}Mode.cs", Source.Text.Replace("AuctionMode", name + "Mode", StringComparison.Ordinal)
            .Replace("AuctionRules", name + "Rules", StringComparison.Ordinal)
            .Replace("namespace App;", $"namespace {@namespace};", StringComparison.Ordinal)
            .Replace("ext.auction.v1", $"ext.{name.ToLowerInvariant()}.v1", StringComparison.Ordinal));
}
