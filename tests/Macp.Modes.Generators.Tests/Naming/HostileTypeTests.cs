using Macp.Modes.Generators.Tests.Harness;

namespace Macp.Modes.Generators.Tests.Naming;

/// <summary>Types that a state, a payload or a rule may have, and what is generated for them.</summary>
public sealed class HostileTypeTests
{
    [Theory]
    [InlineData("Amount", "0.5, 10", "payload.Amount is not (>= 0.5 and <= 10)")]
    [InlineData("Amount", "0, double.PositiveInfinity", "payload.Amount is not (>= 0)")]
    [InlineData("Weight", "0.5, 10", "payload.Weight is not (>= 0.5f and <= 10f)")]
    [InlineData("Quantity", "-1, 10", "payload.Quantity is not (<= 10)")]
    [InlineData("Quantity", "0.5, 1e30", "payload.Quantity is not (>= 1)")]
    [InlineData("PlacedAt", "-5, 5", "payload.PlacedAt is not (>= -5 and <= 5)")]
    public void A_range_fits_the_type_of_its_field(string field, string range, string expected) => Assert.Contains(
        expected, Generate.From(Auction.Source.With("nameof(BidPayload.Amount), 0, 1000", $"nameof(BidPayload.{field}), {range}"), ClientStub.Source).Compiles().Part("Validator"), StringComparison.Ordinal);

    [Fact]
    public void A_payload_that_is_internal_is_checked_internally()
    {
        var generated = Generate.From(
            Auction.Source.With("PassPayload pass", "Sealed.SealPayload pass").With("[NamesParticipant(nameof(PassPayload.To), NotSender = true, Optional = true)]", ""),
            new("Sealed.cs", HandMade("internal")), ClientStub.Source).Compiles();
        Assert.Contains("internal static global::Macp.Modes.Rejection? CheckPass(global::Sealed.SealPayload payload)", generated.Part("Validator"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_entry_inherits_counts()
    {
        var mode = Auction.Source.With("public sealed record Bid(string BidId, string Bidder, double Amount)", "public record Named(string Label);\n\n    public sealed record Bid(string BidId, string Bidder, double Amount) : Named(BidId)");
        Assert.Contains("left.Label == right.Label", Generate.From(mode, ClientStub.Source).Compiles().Part("State"), StringComparison.Ordinal);
    }

    [Fact]
    public void Entries_may_hold_entries_of_their_own_kind() => Generate.From(
        Auction.Source.With("public bool IsLive { get; init; } = true;", "public bool IsLive { get; init; } = true;\n        public Bid? Earlier { get; init; }\n        public List<Bid> All { get; } = [];"), ClientStub.Source).Compiles();

    [Fact]
    public void An_entry_that_is_internal_stays_out_of_the_projection() => Assert.DoesNotContain("Secret", Generate.From(
        Auction.Source.With("public Bid? Highest", "internal Secret? Held { get; set; }\n        public Bid? Highest").With("public enum Phase", "internal sealed record Secret(string Name);\n\n    public enum Phase"),
        ClientStub.Source).Compiles().Part("Projection"), StringComparison.Ordinal);

    [Fact]
    public void An_empty_state_is_a_state() => Generate.From(new("EmptyMode.cs", """
        using Macp.Modes;
        [Mode("ext.empty.v1")]
        public sealed partial class EmptyMode
        {
            public enum Phase { Open, Committed }
            public sealed partial class State;
            public sealed record Nothing;
            [Commitment<Phase>(MovesTo = Phase.Committed)]
            static Rejection? Always() => null;
        }
        """), ClientStub.Source).Compiles();

    /// <summary>A protobuf message as somebody might write one by hand.</summary>
    static string HandMade(string accessibility) => $$"""
        using Google.Protobuf;
        using Google.Protobuf.Reflection;
        namespace Sealed;
        {{accessibility}} sealed class SealPayload : IMessage<SealPayload>
        {
            public string Seal { get; set; } = "";
            public byte[] Raw { get; set; } = [];
            public static MessageDescriptor Descriptor => throw new NotSupportedException();
            MessageDescriptor IMessage.Descriptor => Descriptor;
            public int CalculateSize() => 0;
            public SealPayload Clone() => new();
            public bool Equals(SealPayload? other) => true;
            public override bool Equals(object? other) => true;
            public override int GetHashCode() => 0;
            public void MergeFrom(SealPayload message) { }
            public void MergeFrom(CodedInputStream input) { }
            public void WriteTo(CodedOutputStream output) { }
        }
        """;
}
