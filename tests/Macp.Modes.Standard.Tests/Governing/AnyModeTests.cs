using Macp.Modes.MultiRound;
using static Macp.Modes.Standard.Tests.Governing.Registered;

namespace Macp.Modes.Standard.Tests.Governing;

/// <summary>Policies for any mode, and policies for one mode bound to another (decisions 15 and 17).</summary>
public sealed class AnyModeTests
{
    static readonly string[] All = [.. Hosted.All.Select(mode => mode.Descriptor.Identifier)];

    public static TheoryData<string> EachMode => [.. All];

    [Theory]
    [MemberData(nameof(EachMode))]
    public void Every_mode_takes_who_commits_what_is_audited_and_notes(string mode)
    {
        Assert.Null(Read(Policy(mode, """{"commitment":{"authority":"designated_role","designated_roles":["ana"],"require_vote_quorum":true,"allow_decline_over_approval":true},"audit":{"level":"info"},"_":1}""")));
        Assert.Equal("commitment.designated_roles", Read(Policy(mode, """{"commitment":{"authority":"designated_role"}}"""))?.Path);
        Assert.Equal("commitment.allow_decline_over_approval", Read(Policy(mode, """{"commitment":{"allow_decline_over_approval":true}}""", 1))?.Path);
        Assert.Equal("audit.loud", Read(Policy(mode, """{"audit":{"loud":true}}"""))?.Path);
        Assert.Equal("rating", Read(Policy(mode, """{"rating":1}"""))?.Path);
    }

    [Fact]
    public void A_policy_for_any_mode_may_use_any_modes_keys_and_each_mode_reads_its_own()
    {
        var policy = Policy("*", """
            {
                "voting": { "algorithm": "plurality" }, "rejection": { "terminal_on_any_reject": true }, "completion": { "require_output": true },
                "acceptance": { "criterion": "counterparty", "implicit_accept_timeout_ms": 5000 }, "threshold": { "type": "percentage", "value": 40 },
                "commitment": { "authority": "any_participant" }
            }
            """);

        Assert.Equal(VotingAlgorithm.Plurality, Bind(policy, All[0]).RulesAs<DecisionRules>().Voting.Algorithm);
        var proposal = Bind(policy, All[1]).RulesAs<ProposalRules>();
        Assert.Equal((AcceptanceCriterion.Counterparty, true), (proposal.Acceptance.Criterion, proposal.Rejection.TerminalOnAnyReject));
        Assert.True(Bind(policy, All[2]).RulesAs<TaskRules>().Completion.RequireOutput);
        Assert.Equal(5000, Bind(policy, All[3]).RulesAs<HandoffRules>().Acceptance.ImplicitAcceptTimeoutMs);
        Assert.Equal(40, Bind(policy, All[4]).RulesAs<QuorumRules>().Threshold.Bar(100));
        Assert.All(All, mode => Assert.Equal(CommitmentAuthority.AnyParticipant, Bind(policy, mode).Commitment.Authority));
    }

    [Theory]
    [InlineData("""{"acceptance":{"criteria":"initiator"}}""", "acceptance.criteria")]
    [InlineData("""{"acceptance":{"criterion":5000}}""", "acceptance.criterion")]
    [InlineData("""{"acceptance":{"implicit_accept_timeout_ms":-1}}""", "acceptance.implicit_accept_timeout_ms")]
    [InlineData("""{"acceptance":{"implicit_accept_timeout_ms":9223372036854775808}}""", "acceptance.implicit_accept_timeout_ms")]
    [InlineData("""{"counter_proposal":{"max_rounds":-1}}""", "counter_proposal.max_rounds")]
    [InlineData("""{"threshold":0.5}""", "threshold")]
    [InlineData("""{"threshold":{"type":"weighted"}}""", "threshold.type")] // removed, and reserved
    [InlineData("""{"threshold":{"type":"count","value":1}}""", "threshold.type")] // no alias
    [InlineData("""{"threshold":{"type":"percentage","value":0.5}}""", "threshold.value")] // no fraction (decisions 16)
    [InlineData("""{"threshold":{"type":"percentage","value":101}}""", "threshold.value")]
    [InlineData("""{"threshold":{"type":"n_of_m","value":0}}""", "threshold.value")]
    [InlineData("""{"voting":{"algorithm":"weighted"}}""", "voting.weights")]
    [InlineData("""{"assignment":{"allow_reassignment_on_reject":"yes"}}""", "assignment.allow_reassignment_on_reject")]
    public void It_must_make_sense_to_every_mode_that_is_hosted(string rules, string path) => Assert.Equal(path, Read(Policy("*", rules))?.Path);

    [Fact]
    public void It_may_use_the_keys_of_hosted_modes_only() =>
        Assert.Equal("voting", PolicyDefinition.Read(Policy("*", """{"voting":{}}"""), new ModeCatalog().Add<TaskMode>().All, out _)?.Path);

    [Fact]
    public void A_policy_for_one_mode_governs_no_other()
    {
        var policy = TaskPolicy.Create("policy.task", "A task's.");
        Assert.Null(PolicyDefinition.Read(policy, Hosted.All, out var definition));

        Assert.All(All.Except([policy.Mode]), mode => Assert.Equal("mode", definition.Bind(mode, Hosted.Newest(mode)!.Governance, out _)?.Path));
        Assert.Equal("policy.task", Bind(policy, policy.Mode).Id);
    }

    [Fact]
    public void A_mode_that_none_governs_has_a_binding_without_rules()
    {
        var binding = Bind(Policy("*", """{"voting":{"algorithm":"unanimous"}}"""), MultiRoundMode.Descriptor.Identifier);

        Assert.Equal((null, true, "policy.test", 3u), (binding.Rules, binding.IsResolved, binding.Id, binding.SchemaVersion));
    }

    [Fact]
    public void Whether_rules_are_the_policys_or_stand_in_for_it_can_be_asked()
    {
        Assert.True(new PolicyBinding("policy.default").IsResolved); // it rules nothing, which needs no asking
        Assert.False(new PolicyBinding("policy.test").IsResolved);
        Assert.True(Bind(TaskPolicy.Create("policy.test", "A task's."), TaskMode.Descriptor.Identifier).IsResolved);
        Assert.Equal(TaskRules.Default, new PolicyBinding("policy.test").RulesAs<TaskRules>());
    }

    [Fact]
    public void The_default_policy_rules_nothing_in_any_mode() => Assert.All(All, mode =>
    {
        Assert.Null(PolicyDefinition.Default.Bind(mode, Hosted.Newest(mode)!.Governance, out var binding));
        Assert.Equal(CommitmentAuthority.InitiatorOnly, binding.Commitment.Authority);
        Assert.Equal(("policy.default", "*", 1u), (binding.Id, PolicyDefinition.Default.Mode, binding.SchemaVersion));
    });

    [Fact]
    public void What_was_stored_is_not_judged_again_but_what_nobody_ever_judged_is_no_policy()
    {
        // A rule about policies that is mended later makes no old session unreadable.
        var once = PolicyDefinition.Recall(Policy("macp.mode.decision.v1", """{"voting":{"algorithm":"weighted"},"gone":1}""", 1));
        Assert.Null(once.Bind("macp.mode.decision.v1", DecisionPolicy.Governance, out var binding));
        Assert.Equal(VotingAlgorithm.Weighted, binding.RulesAs<DecisionRules>().Voting.Algorithm);

        Assert.All(
            (string[])["", "[]", "no json", """{"commitment":{"designated_roles":5}}""", """{"commitment":{"authority":5}}""", """{"commitment":[]}"""],
            rules => Assert.Throws<InvalidDataException>(() => PolicyDefinition.Recall(Policy("*", rules))));
    }
}
