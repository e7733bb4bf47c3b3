using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Modes.Standard.Tests.Governing;

/// <summary>The policy builders: what they write, what they refuse, and that it is read back as it was said.</summary>
public sealed class BuilderTests
{
    // What # stands for: the block that is every mode's.
    const string Commitment = "\"commitment\":{\"authority\":\"initiator_only\",\"designated_roles\":[],\"require_vote_quorum\":false}";

    public static TheoryData<PolicyDescriptor, string, string> Defaults => new()
    {
        { DecisionPolicy.Create("p", "d"), "macp.mode.decision.v1", """{#,"evaluation":{"minimum_confidence":0,"required_before_voting":false},"objection_handling":{"critical_objection_action":"deny","critical_severity_vetoes":false,"veto_threshold":1},"voting":{"algorithm":"none","quorum":{"type":"count"}}}""" },
        { ProposalPolicy.Create("p", "d"), "macp.mode.proposal.v1", """{"acceptance":{"criterion":"all_parties"},#,"counter_proposal":{"max_rounds":0},"rejection":{"terminal_on_any_reject":false}}""" },
        { TaskPolicy.Create("p", "d"), "macp.mode.task.v1", """{"assignment":{"allow_reassignment_on_reject":false},#,"completion":{"require_output":false}}""" },
        { HandoffPolicy.Create("p", "d"), "macp.mode.handoff.v1", """{"acceptance":{"implicit_accept_timeout_ms":0},#}""" },
        { QuorumPolicy.Create("p", "d"), "macp.mode.quorum.v1", """{"abstention":{"counts_toward_quorum":false,"interpretation":"neutral"},#,"threshold":{"type":"n_of_m"}}""" },
    };

    [Theory]
    [MemberData(nameof(Defaults))]
    public void Unless_told_otherwise_a_builder_writes_every_default_in_the_order_of_the_keys(PolicyDescriptor policy, string mode, string rules) => Assert.Equal(
        new PolicyDescriptor { PolicyId = "p", Description = "d", Mode = mode, Rules = rules.Replace("#", Commitment, StringComparison.Ordinal), SchemaVersion = 3 }, policy);

    [Fact]
    public void Every_rule_of_a_decision_has_its_key()
    {
        var rules = new DecisionRules
        {
            Voting = new() { Algorithm = VotingAlgorithm.Weighted, Threshold = 0.75, Quorum = new() { Type = QuorumType.Percentage, Value = 60 }, Weights = new Dictionary<string, double> { ["b"] = 2.5, ["B"] = 1, ["a"] = 1e21 } },
            ObjectionHandling = new() { CriticalSeverityVetoes = true, VetoThreshold = 2, CriticalObjectionAction = CriticalObjectionAction.FinalizeDecline },
            Evaluation = new() { MinimumConfidence = 0.5, RequiredBeforeVoting = true },
        };
        var commitment = new CommitmentPolicy { Authority = CommitmentAuthority.DesignatedRole, DesignatedRoles = ["ben", "ana"], RequireVoteQuorum = true, AllowDeclineOverApproval = true };

        Assert.Equal(
            """{"commitment":{"allow_decline_over_approval":true,"authority":"designated_role","designated_roles":["ben","ana"],"require_vote_quorum":true},"evaluation":{"minimum_confidence":0.5,"required_before_voting":true},"objection_handling":{"critical_objection_action":"finalize_decline","critical_severity_vetoes":true,"veto_threshold":2},"voting":{"algorithm":"weighted","quorum":{"type":"percentage","value":60},"threshold":0.75,"weights":{"B":1,"a":1e+21,"b":2.5}}}""",
            DecisionPolicy.Create("p", "d", rules, commitment).Rules);
    }

    [Fact]
    public void Names_are_written_as_the_protocol_spells_them()
    {
        Assert.Equal(["none", "majority", "supermajority", "unanimous", "weighted", "plurality"], Enum.GetValues<VotingAlgorithm>().Select(algorithm => Written(DecisionPolicy.Create("p", "d", new()
        {
            Voting = new() { Algorithm = algorithm, Threshold = 0.6, Weights = new Dictionary<string, double> { ["a"] = 1 } },
        }), "algorithm")));
        Assert.Equal(["deny", "finalize_decline", "hold"], Enum.GetValues<CriticalObjectionAction>().Select(action =>
            Written(DecisionPolicy.Create("p", "d", new() { ObjectionHandling = new() { CriticalObjectionAction = action } }), "critical_objection_action")));
        Assert.Equal(["all_parties", "counterparty", "initiator"], Enum.GetValues<AcceptanceCriterion>().Select(criterion =>
            Written(ProposalPolicy.Create("p", "d", new() { Acceptance = new() { Criterion = criterion } }), "criterion")));
        Assert.Equal(["n_of_m", "percentage"], Enum.GetValues<ThresholdType>().Select(type => Written(QuorumPolicy.Create("p", "d", new() { Threshold = new() { Type = type, Value = 1 } }), "type")));
        Assert.Equal(["neutral", "implicit_reject", "ignored"], Enum.GetValues<AbstentionInterpretation>().Select(interpretation =>
            Written(QuorumPolicy.Create("p", "d", new() { Abstention = new() { Interpretation = interpretation } }), "interpretation")));
        Assert.Equal(["initiator_only", "any_participant", "designated_role"], Enum.GetValues<CommitmentAuthority>().Select(authority =>
            Written(TaskPolicy.Create("p", "d", null, new() { Authority = authority, DesignatedRoles = ["a"] }), "authority")));
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void A_percentage_is_from_1_to_100(int value, bool isTaken)
    {
        Action[] builders =
        [
            () => QuorumPolicy.Create("p", "d", new() { Threshold = new() { Type = ThresholdType.Percentage, Value = value } }),
            () => DecisionPolicy.Create("p", "d", new() { Voting = new() { Quorum = new() { Type = QuorumType.Percentage, Value = value } } }),
        ];
        foreach (var build in builders)
            if (isTaken) build();
            else Assert.EndsWith(".value", Assert.Throws<InvalidPolicyException>(build).Fault.Path, StringComparison.Ordinal);
    }

    public static TheoryData<DecisionRules, string> Refused => new()
    {
        { Voting(new() { Threshold = double.NaN }), "voting.threshold" },
        { Voting(new() { Threshold = double.PositiveInfinity }), "voting.threshold" },
        { Voting(new() { Threshold = 0 }), "voting.threshold" },
        { Voting(new() { Algorithm = VotingAlgorithm.Majority, Threshold = 0.4 }), "voting.threshold" },
        { Voting(new() { Algorithm = VotingAlgorithm.Supermajority }), "voting.threshold" },
        { Voting(new() { Algorithm = (VotingAlgorithm)99 }), "voting.algorithm" },
        { Voting(new() { Algorithm = VotingAlgorithm.Weighted }), "voting.weights" },
        { Voting(new() { Weights = new Dictionary<string, double>() }), "voting.weights" },
        { Weights(double.NaN), "voting.weights.a" },
        { Weights(double.NegativeInfinity), "voting.weights.a" },
        { Weights(double.MaxValue), "voting.weights.a" }, // two of them would be infinite
        { Weights(0), "voting.weights.a" },
        { Weights(-1), "voting.weights.a" },
        { new() { Evaluation = new() { MinimumConfidence = double.NaN } }, "evaluation.minimum_confidence" },
        { new() { ObjectionHandling = new() { VetoThreshold = 0 } }, "objection_handling.veto_threshold" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_builder_refuses_what_a_runtime_would(DecisionRules rules, string path)
    {
        var refused = Assert.Throws<InvalidPolicyException>(() => DecisionPolicy.Create("p", "d", rules));

        Assert.Equal((path, ErrorCode.InvalidPolicyDefinition), (refused.Fault.Path, refused.Code));
        Assert.StartsWith($"INVALID_POLICY_DEFINITION: {path}: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Heads_and_versions_are_judged_too()
    {
        Assert.Equal("policy_id", Assert.Throws<InvalidPolicyException>(() => TaskPolicy.Create(" ", "d")).Fault.Path);
        Assert.Equal("schema_version", Assert.Throws<InvalidPolicyException>(() => TaskPolicy.Create("p", "d", schemaVersion: 4)).Fault.Path);
        Assert.Equal("commitment.designated_roles", Assert.Throws<InvalidPolicyException>(() =>
            TaskPolicy.Create("p", "d", commitment: new() { Authority = CommitmentAuthority.DesignatedRole })).Fault.Path);
        Assert.Equal("acceptance.implicit_accept_timeout_ms", Assert.Throws<InvalidPolicyException>(() =>
            HandoffPolicy.Create("p", "d", new() { Acceptance = new() { ImplicitAcceptTimeoutMs = -1 } })).Fault.Path);
    }

    [Fact]
    public void What_a_policy_does_not_say_is_the_default_at_every_level()
    {
        var rules = DecisionPolicy.RulesOf(new() { PolicyId = "p", Mode = "macp.mode.decision.v1", SchemaVersion = 1, Rules = """{"voting":{"quorum":{"value":3}},"evaluation":{}}""" });

        Assert.Equal(new DecisionRules { Voting = new() { Quorum = new() { Value = 3 } } }, rules);
    }

    [Fact]
    public void A_reserved_policy_is_what_the_specification_says_of_it()
    {
        var policies = DecisionRules.Policies.ToDictionary(policy => policy.PolicyId);

        Assert.Equal(["policy.std.majority", "policy.std.supermajority", "policy.std.unanimous"], policies.Keys.Order(StringComparer.Ordinal));
        Assert.All(policies.Values, policy => Assert.Equal((1u, "macp.mode.decision.v1", "true"), (policy.SchemaVersion, policy.Mode, Written(policy, "require_vote_quorum"))));
        Assert.Equal((VotingAlgorithm.Majority, 0.5, 1), Of("majority"));
        Assert.Equal((VotingAlgorithm.Supermajority, 0.6666666666666666, 2), Of("supermajority"));
        Assert.Equal((VotingAlgorithm.Unanimous, null, 1), Of("unanimous"));

        (VotingAlgorithm, double?, int?) Of(string name) => DecisionPolicy.RulesOf(policies["policy.std." + name]).Voting is var voting && voting.Quorum.Type is QuorumType.Count
            ? (voting.Algorithm, voting.Threshold, voting.Quorum.Value) : default;
    }

    static DecisionRules Voting(DecisionRules.VotingRules voting) => new() { Voting = voting };

    static DecisionRules Weights(double weight) => Voting(new() { Weights = new Dictionary<string, double> { ["a"] = weight } });

    /// <summary>The value at a key that stands once.</summary>
    static string Written(PolicyDescriptor policy, string key) => policy.Rules.Split($"\"{key}\":", 2)[1].Split([',', '}'])[0].Trim('"');
}
