using Macp.Modes.Generators.Tests.Harness;

namespace Macp.Modes.Generators.Tests.Naming;

/// <summary>Generated code must mean the same wherever it stands.</summary>
public sealed class HostileNamespaceTests
{
    [Theory]
    [InlineData("App.System")]
    [InlineData("App.Task")]
    [InlineData("App.Google")]
    [InlineData("App.Google.Protobuf")]
    [InlineData("App.Macp")]
    [InlineData("App.Global")]
    [InlineData("App.State")]
    [InlineData("App.Phase")]
    [InlineData("App.Validator")]
    [InlineData("App.AuctionMode")]
    [InlineData("Macp.Modes.Task")]
    [InlineData("Macp.Modes.System")]
    [InlineData("Macp.Modes.Auction")]
    [InlineData("Macp.Wire")]
    [InlineData("Macp.Client.Auctions")]
    [InlineData("App.@event.@class")]
    public void A_mode_may_stand_in_any_namespace(string name)
    {
        // The author's own code names what it uses by its full name here; the generated code has to by itself.
        var mode = Auction.Source.With("namespace App;", $"namespace {name};").With("StringComparer", "global::System.StringComparer")
            .With("using Macp.Modes;\nusing Macp.Wire.Tests;", "using global::Macp.Modes;\nusing global::Macp.Wire.Tests;");
        Generate.From(mode, ClientStub.Source).Compiles();
    }

    [Fact]
    public void Types_of_the_author_s_may_be_called_as_those_of_the_vocabulary()
    {
        string[] names =
        [
            "Refuse", "Verdict", "Task", "Envelope", "Same", "InOrder", "ReadOnly", "TextValues", "PayloadReader", "CommitmentRules", "DueMessage", "Projection",
            "SessionHandler", "ModeDescriptor", "IMode", "CanonicalJson", "ByteString", "IMessage", "HashCode", "IEquatable", "InvalidDataException", "MacpClient",
            "ModeSession", "Array", "String", "Macp", "Google", "System",
        ];
        var mode = Auction.Source.With("using Macp.Modes;\nusing Macp.Wire.Tests;", "using global::Macp.Modes;\nusing global::Macp.Wire.Tests;");
        Generate.From(mode, new("Types.cs", $"namespace App;\n{string.Concat(names.Select(n => $"public sealed class {n};\n"))}"), ClientStub.Source).Compiles();
    }

    [Fact]
    public void Nested_types_of_the_author_s_may_be_called_as_those_of_the_vocabulary()
    {
        string[] names = ["Refuse", "Verdict", "Task", "Envelope", "Message", "Session", "Commitment", "Handler", "Open", "Same", "Evolve", "Decide", "Macp", "System", "Google"];
        Generate.From(
            Auction.Source.With("public enum Phase", string.Concat(names.Select(n => $"public sealed record {n}(string Name);\n    ")) + "public enum Phase"), ClientStub.Source).Compiles();
    }
}
