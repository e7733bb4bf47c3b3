using Macp.Modes.Generators.Tests.Harness;

namespace Macp.Modes.Generators.Tests.Naming;

public sealed class CollisionTests
{
    static readonly string[] Parts = ["Descriptor", "Payloads", "Validator", "Reducer", "State", "Projection", "Handler", "Session", "Anomalies", "Policy"];

    [Fact]
    public void Modes_whose_names_differ_in_case_alone_get_files_that_differ_in_more()
    {
        var generated = Generate.From(Auction.Named("Bid"), Auction.Named("BID").With("ext.bid.v1", "ext.big.v1"), ClientStub.Source).Compiles();
        Assert.Equal(2 * Parts.Length, generated.Files.Keys.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Contains("class BIDProjection", generated.Files["App.BIDMode.1.Projection.g.cs"], StringComparison.Ordinal);
        Assert.Contains("class BidProjection", generated.Files["App.BidMode.2.Projection.g.cs"], StringComparison.Ordinal);
    }

    [Fact]
    public void Modes_of_one_name_in_two_namespaces_are_two_modes() =>
        Assert.Equal(2 * Parts.Length, Generate.From(Auction.Named("Bid", "One"), Auction.Named("Bid", "Two"), ClientStub.Source).Compiles().Files.Count);

    [Fact]
    public void A_mode_may_stand_in_the_global_namespace()
    {
        var generated = Generate.From(Auction.Source.With("namespace App;\n", ""), ClientStub.Source).Compiles();
        Assert.Equal(Parts.Order(), generated.Files.Keys.Select(f => f["AuctionMode.".Length..^".g.cs".Length]).Order());
    }

    [Fact]
    public void A_mode_may_stand_in_a_block_namespace_inside_another() => Generate.From(
        Auction.Source.With("namespace App;", "namespace Outer { namespace Inner {") is var open ? open with { Text = open.Text + "\n}}" } : open, ClientStub.Source).Compiles();

    [Fact]
    public void A_mode_may_be_internal() => Generate.From(
        Auction.Source.With("public sealed partial class AuctionMode", "internal sealed partial class AuctionMode"), ClientStub.Source).Compiles();

    [Fact]
    public void A_mode_declared_on_two_parts_is_generated_once_and_takes_no_other_mode_s_code_away()
    {
        var generated = Generate.From(Auction.Source, new("Again.cs", """
            namespace App;
            [Macp.Modes.Mode("ext.auction.v2", Rules = typeof(AuctionRules))]
            public sealed partial class AuctionMode;
            """), Auction.Named("Raffle"), ClientStub.Source);
        Assert.Equal(2 * Parts.Length, generated.Files.Count);
        Assert.Equal(["CS0579"], Compile.Complaints(generated.Output).Select(c => c.Split("error ")[1][..6]));
    }

    [Fact]
    public void A_mode_declared_on_two_parts_of_one_file_is_generated_once() => Assert.Equal(Parts.Length, Generate.From(
        Auction.Source with { Text = Auction.Source.Text + "\n[Mode(\"ext.auction.v2\")]\npublic sealed partial class AuctionMode;\n" }, ClientStub.Source).Files.Count);

    [Fact]
    public void Which_of_two_declarations_counts_does_not_follow_from_the_order_of_the_files()
    {
        var again = new Source("A.cs", "namespace App; [Macp.Modes.Mode(\"ext.auction.v2\")] public sealed partial class AuctionMode;");
        Assert.Equal(Generate.From(Auction.Source, again).Part("Descriptor"), Generate.From(again, Auction.Source).Part("Descriptor"));
    }

    [Fact]
    public void Without_the_client_library_there_is_no_session() =>
        Assert.DoesNotContain(Generate.From(Auction.Source).Compiles().Files.Keys, f => f.Contains("Session", StringComparison.Ordinal));
}
