using static Macp.Modes.Standard.Tests.Governing.Registered;

namespace Macp.Modes.Standard.Tests.Governing;

/// <summary>What a runtime registers, and where it says a policy is wrong (RFC-MACP-0012, decisions 16 and 17).</summary>
public sealed class PolicySchemaTests
{
    public static TheoryData<string, string> WrongValues => new()
    {
        // Closed, at every level.
        { """{"rating":1}""", "rating" },
        { """{"voting":{"algorithms":"none"}}""", "voting.algorithms" },
        { """{"voting":{"quorum":{"kind":"count"}}}""", "voting.quorum.kind" },
        { """{"commitment":{"roles":[]}}""", "commitment.roles" },
        { """{"audit":{"levels":"info"}}""", "audit.levels" },
        { """{"Voting":{}}""", "Voting" },
        { """{"threshold":{"type":"n_of_m"}}""", "threshold" }, // another mode's
        { """{"":1}""", "" },
        // Of the wrong type.
        { """{"voting":[]}""", "voting" },
        { """{"voting":null}""", "voting" },
        { """{"voting":{"algorithm":null}}""", "voting.algorithm" },
        { """{"voting":{"algorithm":"Majority"}}""", "voting.algorithm" },
        { """{"voting":{"algorithm":"ranked"}}""", "voting.algorithm" },
        { """{"voting":{"algorithm":1}}""", "voting.algorithm" },
        { """{"voting":{"weights":{"ana":true}}}""", "voting.weights.ana" },
        { """{"voting":{"weights":[["ana",1]]}}""", "voting.weights" },
        { """{"objection_handling":{"critical_severity_vetoes":1}}""", "objection_handling.critical_severity_vetoes" },
        { """{"objection_handling":{"critical_severity_vetoes":"true"}}""", "objection_handling.critical_severity_vetoes" },
        { """{"commitment":{"designated_roles":"ana"}}""", "commitment.designated_roles" },
        { """{"commitment":{"designated_roles":["ana",1]}}""", "commitment.designated_roles" },
        { """{"commitment":{"designated_roles":null}}""", "commitment.designated_roles" },
        { """{"commitment":{"authority":"anybody"}}""", "commitment.authority" },
        { """{"commitment":{"require_vote_quorum":0}}""", "commitment.require_vote_quorum" },
        { """{"audit":"info"}""", "audit" },
        { """{"audit":{"level":1}}""", "audit.level" },
        // No number that could be counted with.
        { """{"voting":{"threshold":"NaN"}}""", "voting.threshold" },
        { """{"voting":{"threshold":1e999}}""", "voting.threshold" },
        { """{"voting":{"threshold":0}}""", "voting.threshold" },
        { """{"voting":{"threshold":-0.0}}""", "voting.threshold" },
        { """{"voting":{"threshold":-0.5}}""", "voting.threshold" },
        { """{"voting":{"threshold":1.0000001}}""", "voting.threshold" },
        { """{"voting":{"weights":{"ana":0}}}""", "voting.weights.ana" },
        { """{"voting":{"weights":{"ana":1e-400}}}""", "voting.weights.ana" }, // reads as 0
        { """{"voting":{"weights":{"ana":1e999}}}""", "voting.weights.ana" },
        { """{"voting":{"weights":{"ana":-1}}}""", "voting.weights.ana" },
        { """{"voting":{"quorum":{"value":2.5}}}""", "voting.quorum.value" },
        { """{"voting":{"quorum":{"value":-1}}}""", "voting.quorum.value" },
        { """{"voting":{"quorum":{"value":2147483648}}}""", "voting.quorum.value" },
        { """{"voting":{"quorum":{"value":1e30}}}""", "voting.quorum.value" },
        { """{"voting":{"quorum":{"value":"1"}}}""", "voting.quorum.value" },
        { """{"objection_handling":{"veto_threshold":0}}""", "objection_handling.veto_threshold" },
        { """{"objection_handling":{"veto_threshold":4294967296}}""", "objection_handling.veto_threshold" },
        { """{"evaluation":{"minimum_confidence":1.5}}""", "evaluation.minimum_confidence" },
    };

    [Theory]
    [MemberData(nameof(WrongValues))]
    public void What_does_not_fit_the_schema_is_told_by_its_path(string rules, string path)
    {
        var fault = Judge(DecisionMode.Descriptor, rules);

        Assert.Equal((rules, path), (rules, fault?.Path));
        Assert.Contains("do not match schema", fault!.Reason, StringComparison.Ordinal);
    }

    public static TheoryData<uint, string, string, string> SenselessRules => new()
    {
        { 3, """{"voting":{"algorithm":"supermajority"}}""", "voting.threshold", "threshold > 0.5" },
        { 3, """{"voting":{"algorithm":"supermajority","threshold":0.5}}""", "voting.threshold", "threshold > 0.5" },
        { 1, """{"voting":{"algorithm":"majority","threshold":0.49}}""", "voting.threshold", "0.5" },
        { 1, """{"voting":{"algorithm":"weighted"}}""", "voting.weights", "weights" },
        { 3, """{"voting":{"algorithm":"weighted","weights":{}}}""", "voting.weights", "weights" },
        { 3, """{"voting":{"algorithm":"none","weights":{}}}""", "voting.weights", "weights" },
        { 1, """{"voting":{"quorum":{"type":"percentage","value":101}}}""", "voting.quorum.value", "1 to 100" },
        { 3, """{"voting":{"quorum":{"type":"percentage","value":0}}}""", "voting.quorum.value", "above 0" },
        { 3, """{"voting":{"quorum":{"value":0}}}""", "voting.quorum.value", "above 0" },
        { 1, """{"objection_handling":{"critical_objection_action":"finalize_decline"}}""", "objection_handling.critical_objection_action", "schema_version" },
        { 1, """{"objection_handling":{"critical_objection_action":"hold"}}""", "objection_handling.critical_objection_action", "schema_version" },
        { 1, """{"commitment":{"allow_decline_over_approval":true}}""", "commitment.allow_decline_over_approval", "schema_version" },
        { 3, """{"commitment":{"authority":"designated_role"}}""", "commitment.designated_roles", "designated_roles" },
        { 1, """{"commitment":{"authority":"designated_role","designated_roles":[]}}""", "commitment.designated_roles", "designated_roles" },
        { 1, """{"commitment":{"authority":"designated_role","designated_roles":["ana"," "]}}""", "commitment.designated_roles", "blank" },
    };

    [Theory]
    [MemberData(nameof(SenselessRules))]
    public void What_makes_no_sense_together_is_told_by_its_path_and_the_words_that_clients_look_for(uint version, string rules, string path, string phrase)
    {
        var fault = Judge(DecisionMode.Descriptor, rules, version);

        Assert.Equal((rules, path), (rules, fault?.Path));
        Assert.Contains(phrase, $"{fault!.Path}: {fault.Reason}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1u, """{"voting":{"algorithm":"none","threshold":0.5,"quorum":{"type":"count","value":0}},"objection_handling":{"critical_severity_vetoes":false,"veto_threshold":1,"critical_objection_action":"deny"},"evaluation":{"minimum_confidence":0,"required_before_voting":false},"commitment":{"authority":"initiator_only","designated_roles":[],"require_vote_quorum":false,"allow_decline_over_approval":false}}""")]
    [InlineData(2u, """{"voting":{"quorum":{"type":"percentage","value":0}},"objection_handling":{"critical_objection_action":"hold"},"commitment":{"allow_decline_over_approval":true}}""")]
    [InlineData(3u, """{"voting":{"algorithm":"majority","threshold":1,"quorum":{"type":"percentage","value":100}}}""")]
    [InlineData(3u, """{"voting":{"algorithm":"plurality","threshold":0.1,"weights":{"ana":5e-324}}}""")]
    [InlineData(3u, """{"voting":{"quorum":{"value":2.0}},"objection_handling":{"veto_threshold":4294967295}}""")]
    [InlineData(3u, """{"voting":{"quorum":{"value":1e2,"type":"percentage"}}}""")]
    [InlineData(3u, """{"commitment":{"authority":"any_participant","designated_roles":["ana"]},"audit":{"level":"loud"}}""")]
    [InlineData(3u, " {}\r\n")]
    public void What_builders_and_people_write_is_taken(uint version, string rules) => Assert.Null(Judge(DecisionMode.Descriptor, rules, version));

    [Theory]
    [InlineData("{\"_note\":[1,{\"$x\":null}],\"$schema\":\"https://example.com\"}")]
    [InlineData("{\"voting\":{\"_why\":1,\"quorum\":{\"$comment\":{}}}}")]
    [InlineData("{\"commitment\":{\"_\":0},\"audit\":{\"$\":0}}")]
    [InlineData("{\"_huge\":1e999,\"_long\":123456789012345678901234567890}")]
    public void Keys_that_are_for_readers_are_ignored_at_every_level(string rules) => Assert.Null(Judge(DecisionMode.Descriptor, rules));

    [Fact]
    public void The_names_of_weights_are_no_keys()
    {
        var policy = Policy(DecisionMode.Descriptor.Identifier, """{"voting":{"algorithm":"weighted","weights":{"_bot":2,"$bot":1}}}""");

        Assert.Equal(["$bot", "_bot"], DecisionPolicy.RulesOf(policy).Voting.Weights!.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("voting.weights._bot", Judge(DecisionMode.Descriptor, """{"voting":{"weights":{"_bot":0}}}""")?.Path);
    }

    public static TheoryData<string> NoRules =>
    [
        "", " ", "null", "[]", "[{}]", "1", "\"{}\"", "{", "{}{}", "{} x", "{},", "{/* why */}", "{'voting':{}}", """{"voting":{},}""", "\ufeff{}",
        """{"voting":{},"voting":{}}""", """{"voting":{"algorithm":"none","algorithm":"majority"}}""", """{"_a":1,"_a":2}""", """{"vot\u0069ng":{},"voting":{}}""",
        """{"voting":{"threshold":NaN}}""", """{"voting":{"threshold":+1}}""", """{"voting":{"threshold":01}}""", """{"voting":{"threshold":.5}}""",
        """{"commitment":{"designated_roles":["\ud800"]}}""", """{"\udc00":1}""", """{"_note":"\ud800"}""",
        string.Concat(Enumerable.Repeat("""{"_":""", 100)) + "1" + new string('}', 100),
    ];

    [Theory]
    [MemberData(nameof(NoRules))]
    public void What_is_no_json_object_in_which_each_key_stands_once_is_refused_as_that(string rules)
    {
        var fault = Judge(DecisionMode.Descriptor, rules);

        Assert.Equal((rules, "rules"), (rules, fault?.Path));
        Assert.Contains("JSON object", fault!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_head_is_judged_before_the_rules()
    {
        var policy = Policy(DecisionMode.Descriptor.Identifier, "no json");
        Assert.Equal("policy_id", Read(new(policy) { PolicyId = " \t", SchemaVersion = 0 })?.Path);
        Assert.All((uint[])[0, 4, uint.MaxValue], version => Assert.Equal("schema_version", Read(new(policy) { SchemaVersion = version })?.Path));
        Assert.All((string[])["", "**", "macp.mode.decision.v2", " *"], mode => Assert.Equal("mode", Read(new(policy) { Mode = mode })?.Path));
        Assert.Equal("rules", Read(policy)?.Path);
    }

    [Fact]
    public void A_fault_is_no_longer_than_it_needs_to_be_and_whole_text()
    {
        foreach (string value in (string[])["\"" + new string('x', 58) + "\ud83d\ude00" + new string('x', 5000) + "\"", new string('9', 5000)])
        {
            var fault = Judge(DecisionMode.Descriptor, """{"voting":{"algorithm":""" + value + "}}")!;
            Assert.InRange(fault.Reason.Length, 1, 300);
            Assert.Equal(fault.Reason, System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(fault.Reason)));
        }
        Assert.InRange(Judge(DecisionMode.Descriptor, $$"""{"{{new string('k', 5000)}}":1}""")!.Path.Length, 1, 300);
    }
}
