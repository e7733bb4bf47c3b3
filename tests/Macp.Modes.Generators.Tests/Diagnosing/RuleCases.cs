using Macp.Modes.Generators.Tests.Harness;

namespace Macp.Modes.Generators.Tests.Diagnosing;

/// <summary>One mistake in the auction: what was changed, the rule that says so, on which line, and what its message names.</summary>
/// <param name="Id">The rule.</param>
/// <param name="Old">What stood there.</param>
/// <param name="New">The mistake.</param>
/// <param name="At">A text of the line that is reported.</param>
/// <param name="Names">What the message names: the thing and the way out.</param>
public sealed record RuleCase(string Id, string Old, string New, string At, params string[] Names)
{
    internal Source Source => Auction.Source.With(Old, New);

    public override string ToString() => $"{Id}: {New.Trim().Split('\n')[0]}";
}

internal static class RuleCases
{
    const string Pass = "[Message<Phase>(\"Pass\", During = [Phase.Open], MovesTo = Phase.Closed)]";
    const string PassOfComputed = "[ComputedPhase]\n    static Phase Now(State state) => Phase.Open;\n\n    [Message<Phase>(\"Pass\", During = [Phase.Open])]\n    ";
    const string Commit = "[Commitment<Phase>(MovesTo = Phase.Committed)]", Start = "[StartRule]\n";

    public static IReadOnlyList<RuleCase> All { get; } =
    [
        new("MACP0001", "public sealed partial class AuctionMode", "public partial class AuctionMode", "class AuctionMode", "'AuctionMode'", "sealed partial class AuctionMode"),
        new("MACP0001", "public sealed partial class AuctionMode", "public sealed class AuctionMode", "class AuctionMode", "'AuctionMode'", "sealed partial class AuctionMode"),
        new("MACP0002", "AuctionMode", "AuctionHouse", "class AuctionHouse", "'AuctionHouse'", "'Mode'"),
        new("MACP0002", "AuctionMode", "AuctionMode<T>", "class AuctionMode", "'AuctionMode'", "nor generic"),
        new("MACP0003", "ext.auction.v1", "auction", "[Mode(", "'auction'", "ext.<name>.v<n>"),
        new("MACP0003", "ext.auction.v1", "a \\\"quoted\\\" <{name}>", "[Mode(", "<{name}>"),
        new("MACP0004", "1.2.0", "1.2", "[Mode(", "'1.2'", "1.0.0"),
        new("MACP0005", "public sealed class AuctionRules", "[Mode(\"ext.auction.v2\")] public sealed partial class AuctionMode;\npublic sealed class AuctionRules", "v2", "'AuctionMode'", "Keep one"),
        new("MACP0006", "enum Phase", "enum Stage", "class AuctionMode", "'AuctionMode'", "public enum Phase"),
        new("MACP0006", "public enum Phase", "internal enum Phase", "class AuctionMode", "'AuctionMode'", "public enum Phase"),
        new("MACP0007", "public sealed partial class State", "public sealed class State", "class AuctionMode", "'AuctionMode'", "public sealed partial class State"),
        new("MACP0007", "public sealed partial class State", "public sealed partial class Memory", "class AuctionMode", "'AuctionMode'", "public sealed partial class State"),
        new("MACP0008", " : IModeRules<AuctionRules>", "", "[Mode(", "'AuctionRules'", "IModeRules<AuctionRules>"),
        new("MACP0009", "static int LiveBids", "static int Validator", "static int Validator", "'Validator'", "Rename"),
        new("MACP0009", "static int LiveBids", "static int Transcript", "static int Transcript", "'Transcript'", "Rename"),
        new("MACP0009", "public Bid? Highest", "public bool IsCommitted { get; internal set; }\n        public Bid? Highest", "bool IsCommitted", "'IsCommitted'", "Rename"),
        new("MACP0403", ", Rules = typeof(AuctionRules)", "", "Denials(", "'Denials'", "'AuctionMode'", "Rules = typeof"),
        new("MACP0404", "public bool IsSecret { get; init; }", "public bool IsSecret { get; } = true;", "IsSecret", "'IsSecret'", "init accessor"),
        new("MACP0404", "IReadOnlyList<string> Bidders", "HashSet<string> Bidders", "Bidders", "'Bidders'", "IReadOnlyList<string>"),
        new("MACP0404", "public bool IsSecret", "[RuleRange(0, 1)] public bool IsSecret", "[RuleRange(0, 1)]", "'IsSecret'", "no number"),
        new("MACP0404", "public bool IsSecret { get; init; }", "public ReserveRules Inner { get; init; } = new();", "Inner", "'Inner'", "hold itself"),
        new("MACP0404", "public bool IsSecret { get; init; }", "public AuctionRules Inner { get; init; } = new();", "Inner", "'Inner'", "hold itself"),
        new("MACP0404", "public ReserveRules Reserve { get; init; } = new();", "public ReserveRules Reserve { get; init; } = new();\n\n    public ReserveRules? Other { get; init; }", "Other", "'Other'", "question mark"),
        new("MACP0404", "[RuleRange(0, 500, Above = true)]", "[RuleRange(2, 1)]", "[RuleRange(2, 1)]", "'Least'", "from 2 to 1"),
        new("MACP0101", "(\"Withdraw\"", "(\"with-draw\"", "with-draw", "'with-draw'", "letters and digits"),
        new("MACP0102", "(\"Withdraw\"", "(\"Signal\"", "(\"Signal\"", "'Signal'", "another name"),
        new("MACP0102", "(\"Withdraw\"", "(\"Commitment\"", "(\"Commitment\"", "'Commitment'", "[Commitment]"),
        new("MACP0103", "(\"Withdraw\"", "(\"Bid\"", "(\"Bid\", During = [Phase.Open])", "'Bid'", "'Placed'"),
        new("MACP0104", ", PassPayload pass)", ")", "static void Passes", "'Passes'", ".proto"),
        new("MACP0105", "[Required(nameof(BidPayload.BidId))]", "[Required(\"bid_id\")]", "[Required(", "BidPayload", "'bid_id'", "BidId, Kind, Amount"),
        new("MACP0106", "MovesTo = Phase.Closed", "MovesTo = Phase.Committed", "MovesTo = Phase.Committed)]\n", "Phase.Committed", "'Passes'", "only the commitment"),
        new("MACP0106", "MovesTo = Phase.Closed", "MovesTo = (Phase)9", "(Phase)9", "9", "'Passes'"),
        new("MACP0106", Pass, PassOfComputed + "[Leads<Phase>(Phase.Committed)]", "[Leads", "Phase.Committed", "'Passes'"),
        new("MACP0106", Pass, PassOfComputed + "[Leads<Phase>(Phase.Open, From = [Phase.Closed])]", "[Leads", "Phase.Closed", "'Passes'"),
        new("MACP0106", Commit, "[Commitment<Phase>(MovesTo = Phase.Committed, NegativeDuring = [Phase.Committed])]", "[Commitment", "Phase.Committed", "'HasWinner'"),
        new("MACP0107", "In = nameof(State.Passed)", "In = \"passed\"", "In = \"passed\"", "'passed'", "nameof"),
        new("MACP0107", "Where = nameof(Bid.IsLive)", "Where = nameof(Bid.Bidder)", "[References(", "'Bidder'", "bool"),
        new("MACP0107", "By = nameof(Bid.Bidder)", "By = nameof(Bid.Amount)", "[References(", "'Amount'", "text property"),
        new("MACP0108", "[Unique(nameof(BidPayload.BidId), In = nameof(State.Bids))]", "[Unique(nameof(BidPayload.BidId), In = nameof(State.Passed))]", "[Unique(", "'Passed'", "not a dictionary"),
        new("MACP0108", "[OncePerSender(In = nameof(State.Passed))]", "[OncePerSender(In = nameof(State.Highest))]", "[OncePerSender(", "'Highest'", "the sender"),
        new("MACP0109", "(State state, BidPayload bid) =>", "(State state, BidPayload bid, int tick) =>", "Outbids", "'Outbids'", "int tick", "MessageContext"),
        new("MACP0109", "static Rejection? HasWinner", "Rejection? HasWinner", "HasWinner", "'HasWinner'", "static", "not static"),
        new("MACP0110", "[Guard(\"Bid\")]", "[Guard(\"Bids\")]", "[Guard(", "'Outbids'", "'Bids'"),
        new("MACP0111", "[Required(nameof(BidPayload.BidId))]", "[Required(nameof(BidPayload.Amount))]", "[Required(", "[Required]", "'BidPayload.Amount'", "text"),
        new("MACP0112", "\"SEALED\"", "\"sealed\"", "[OneOf(", "'Kind'", "upper case"),
        new("MACP0112", "Default = \"OPEN\"", "Default = \"SHUT\"", "[OneOf(", "'Kind'", "default"),
        new("MACP0113", "Client = \"PlaceBid\"", "Client = \"Start\"", "(\"Bid\"", "'StartAsync'", "Client = "),
        new("MACP0113", "(\"Withdraw\", ", "(\"Withdraw\", Client = \"PlaceBid\", ", "(\"Withdraw\"", "'PlaceBidAsync'", "Client = "),
        new("MACP0114", "[Guard(\"Bid\")]", "[Guard(\"Bid\")]\n    [NamesSender(\"BidId\")]", "[NamesSender", "[NamesSender]", "'Outbids'", "[Message]"),
        new("MACP0115", "Client = \"PlaceBid\"", "Client = \"place a bid\"", "place a bid", "'place a bid'", "upper-case"),
        new("MACP0116", "0, 1000", "1000, 0", "[InRange", "'Amount'", "1000 and 0", "least value first"),
        new("MACP0116", "0, 1000", "0, double.NaN", "[InRange", "'Amount'"),
        new("MACP0301", "public HashSet<string> Passed", "public DateTime Since { get; set; }\n        public HashSet<string> Passed", "Since", "'State.Since'", "DateTime", "ByteString"),
        new("MACP0301", "public HashSet<string> Passed", "public List<object> Things { get; } = [];\n        public HashSet<string> Passed", "Things", "'State.Things'", "object"),
        new("MACP0301", "public HashSet<string> Passed", "public List<string>? Things { get; set; }\n        public HashSet<string> Passed", "Things", "'State.Things'", "List"),
        new("MACP0302", Start, "[ComputedPhase]\n    static Phase Now(State state) => Phase.Open;\n\n    [StartRule]\n", "MovesTo = Phase.Closed", "'Pass'", "'Now'", "Remove one"),
        new("MACP0303", "public HashSet<string> Passed", "public int Rounds;\n        public HashSet<string> Passed", "Rounds", "'State.Rounds'", "static"),
        new("MACP0303", "public bool IsLive", "private int Tries { get; init; }\n        public bool IsLive", "Tries", "'Bid.Tries'", "properties"),
        new("MACP0304", Pass, Pass + "\n    [Leads<Phase>(Phase.Open)]", "[Leads", "'Passes'", "MovesTo"),
        new("MACP0401", Commit, "", "class AuctionMode", "'AuctionMode'", "[Commitment<Phase>(MovesTo = ...)]"),
        new("MACP0402", Commit, Commit + "\n    static Rejection? IsClosed(State state) => null;\n\n    " + Commit, "HasWinner", "'HasWinner'", "[Commitment]", "'IsClosed'"),
        new("MACP0402", Start, "[LegacyPayload(\"Pass\")]\n    static PassPayload? Old(ReadOnlySpan<byte> b) => null;\n    [LegacyPayload(\"Pass\")]\n    static PassPayload? Older(ReadOnlySpan<byte> b) => null;\n    [StartRule]\n", "Older", "'Older'", "[LegacyPayload]", "'Old'"),
    ];
}
