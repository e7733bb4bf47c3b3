using Macp.Modes.Generators.Tests.Harness;

namespace Macp.Modes.Generators.Tests.Incrementality;

/// <summary>The order in which a build names the files is nobody's decision, so nothing may follow from it.</summary>
public sealed class OrderingTests
{
    // Two entries called Item, and parts of the mode and of its state in four files.
    static readonly Source[] Parts =
    [
        Auction.Source.With("public HashSet<string> Passed", "public First.Item? One { get; internal set; }\n        public HashSet<string> Passed"),
        new("B.cs", """
            using Macp.Modes;
            using Macp.Wire.Tests;
            namespace App;
            public sealed partial class AuctionMode
            {
                public sealed partial class State
                {
                    public Second.Item? Another { get; internal set; }
                }

                [Message<Phase>("Nod", Client = "Nod")]
                static void Nods(State state, PassPayload nod) { }

                [Guard("Bid")]
                static Rejection? IsWhole(BidPayload bid) => null;

                public static int Nodded(State state) => 0;
            }
            """),
        new("A.cs", """
            using Macp.Modes;
            using Macp.Wire.Tests;
            namespace App;
            public sealed partial class AuctionMode
            {
                [Guard("Bid")]
                static Rejection? IsFair(BidPayload bid) => null;

                [Message<Phase>("Hint")]
                static void Hints(State state, PassPayload hint) { }
            }
            """),
        new("Items.cs", "namespace First { public sealed record Item(string Name); } namespace Second { public sealed record Item(int Size, First.Item? Inner); }"),
        Auction.Named("Raffle"),
    ];

    [Fact]
    public void Files_in_any_order_give_the_same_texts()
    {
        var expected = Generate.From(Parts).Compiles().Files;
        var random = new Random(7);
        for (int i = 0; i < 12; i++)
        {
            var shuffled = (Source[])Parts.Clone();
            random.Shuffle(shuffled);
            Assert.Equal(expected.OrderBy(f => f.Key), Generate.From(shuffled).Files.OrderBy(f => f.Key));
        }
    }

    [Fact]
    public void Members_follow_the_names_of_their_files_and_then_their_lines()
    {
        string validator = Generate.From(Parts).Files["App.AuctionMode.Validator.g.cs"];
        int[] places = [.. new[] { "\"Hint\" =>", "\"Bid\" =>", "\"Withdraw\" =>", "\"Pass\" =>", "\"Nod\" =>" }.Select(message => validator.IndexOf(message, StringComparison.Ordinal))];
        Assert.Equal(places.Order(), places);
        int[] guards = [.. new[] { "IsFair", "Outbids", "IsWhole" }.Select(guard => validator.IndexOf(guard, StringComparison.Ordinal))];
        Assert.Equal(guards.Order(), guards);
    }

    [Fact]
    public void A_mode_split_over_files_in_one_order_is_the_mode_in_one_file()
    {
        string text = Auction.Source.Text;
        int middle = text.IndexOf("    [Message<Phase>(\"Withdraw\"", StringComparison.Ordinal), end = text.IndexOf("    public static int LiveBids", StringComparison.Ordinal);
        var first = new Source("1.cs", text[..middle] + text[end..]);
        var second = new Source("2.cs", "using Macp.Modes;\nusing Macp.Wire.Tests;\nnamespace App;\npartial class AuctionMode\n{\n" + text[middle..end] + "}\n");
        Assert.Equal(Generate.From(Auction.Source).Files.OrderBy(f => f.Key), Generate.From(second, first).Files.OrderBy(f => f.Key));
    }
}
