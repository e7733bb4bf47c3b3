using System.Text.RegularExpressions;
using Macp.Modes.Generators.Tests.Harness;

namespace Macp.Modes.Generators.Tests.Documentation;

/// <summary>What the descriptor tells of a message's checks is what the validator asks, in its order, of every mode there is.</summary>
public sealed class CheckOrderTests
{
    // What refuses, and the check that tells of it; a second refusal of the same check is left out.
    static readonly Dictionary<string, string?> Told = new(StringComparer.Ordinal)
    {
        ["NotAParticipant"] = "Sender", ["NotTheInitiator"] = "Sender", ["unreadable"] = "Readable", ["Reserved"] = "Reserved", ["Blank"] = "Required", ["NotOneOf"] = "OneOf",
        ["OutOfRange"] = "InRange", ["NamesNoParticipant"] = "NamesParticipant", ["NamesTheSender"] = null, ["Unknown"] = "References", ["NoLonger"] = null, ["NotBy"] = "SentBy",
        ["WrongPhase"] = "During", ["NamesSomebodyElse"] = "NamesSender", ["NotUnique"] = "Unique", ["AlreadySent"] = "OncePerSession", ["AlreadySentBySender"] = "OncePerSender",
        ["guarded"] = "Written",
    };

    public static TheoryData<string> Modes => [.. Source.Modes, "AuctionMode"];

    [Theory]
    [MemberData(nameof(Modes))]
    public void The_descriptor_tells_what_the_validator_asks(string mode)
    {
        var generated = Generate.From([.. mode == "AuctionMode" ? [Auction.Source] : Source.OfMode(mode), ClientStub.Source]);
        string validator = generated.Part("Validator");
        var messages = Regex.Split(generated.Part("Descriptor"), @"(?m)^ +Type = ""(\w+)"",$").Skip(1).Chunk(2).Select(pair => (Type: pair[0], Rule: pair[1].Split("Commitment = new()")[0])).ToList();

        string commitment = generated.Part("Descriptor").Split("Commitment = new()")[1];
        Assert.Equal(validator.Contains("Refuse.MayNotCommit(", StringComparison.Ordinal), commitment.Contains("Check.MayCommit()", StringComparison.Ordinal));
        Assert.Equal(validator.Contains("Refuse.Denied(", StringComparison.Ordinal), commitment.Contains("Check.AllowedByPolicy()", StringComparison.Ordinal));
        Assert.NotEmpty(messages);
        Assert.All(messages, message => Assert.Equal(Asked(validator, message.Type), Declared(message.Rule)));
    }

    static IEnumerable<string> Declared(string rule) => Regex.Matches(rule, @"new global::Macp\.Modes\.Check\.(\w+)\((?:""(\w+)"")?")
        .Select(check => Line(check.Groups[1].Value, check.Groups[2].Value));

    static IEnumerable<string> Asked(string validator, string type)
    {
        string asked = Method(validator, "Decide" + type).Replace($"if (Check{type}(", Method(validator, "Check" + type), StringComparison.Ordinal);
        return Regex.Matches(asked, @"return (?:global::Macp\.Modes\.Refuse\.(?<by>\w+)\((?:message, )?(?:""(?<field>\w+)"")?|(?<by>unreadable|guarded)\d*;)")
            .Where(refusal => Told[refusal.Groups["by"].Value] is not null)
            .Select(refusal => Line(Told[refusal.Groups["by"].Value]!, refusal.Groups["field"].Value));
    }

    static string Method(string validator, string name) => Regex.Match(validator, $@"(?s)static [\w:.]+\?? {name}\(.*?(?=\n\n|\n    }}\n)").Value;

    // Words of checks that are not about a field are no field's name.
    static string Line(string check, string field) => check is "During" or "OncePerSession" or "OncePerSender" or "Written" ? check : $"{check} {field}";
}
