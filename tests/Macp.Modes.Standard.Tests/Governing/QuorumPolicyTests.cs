using Macp.Wire.Modes.Quorum.V1;
using Macp.Wire.V1;
using Approval = Macp.Modes.Standard.Tests.Governing.Bound<Macp.Modes.Standard.QuorumMode>;

namespace Macp.Modes.Standard.Tests.Governing;

/// <summary>The bar that a policy sets for an approval, in the place of the request's own (RFC-MACP-0012 section 4).</summary>
public sealed class QuorumPolicyTests
{
    const string Lead = Approval.Lead;

    [Fact]
    public void A_percentage_is_the_least_whole_number_that_is_no_smaller_share()
    {
        for (int percent = 1; percent <= 100; percent++)
        {
            var threshold = new QuorumRules.ThresholdRules { Type = ThresholdType.Percentage, Value = percent };
            for (int participants = 1; participants <= 1000; participants++)
            {
                int bar = threshold.Bar(participants) ?? 0;
                if (bar * 100 < percent * participants || (bar - 1) * 100 >= percent * participants) Assert.Fail($"{percent} percent of {participants} are not {bar}");
            }
        }
    }

    [Theory]
    [InlineData(7, 100, 7)] // in doubles 7 / 100.0 * 100 is a little more than 7, and would round up to 8
    [InlineData(29, 100, 29)]
    [InlineData(1, 1000, 10)]
    [InlineData(1, 3, 1)]
    [InlineData(67, 3, 3)]
    [InlineData(66, 3, 2)]
    [InlineData(100, 3, 3)]
    public void A_percentage_of_the_declared_participants_must_approve(int percent, int participants, int bar)
    {
        string[] everybody = [.. Enumerable.Range(0, participants).Select(i => $"agent://{i}")];
        var told = new Approval(Policy(ThresholdType.Percentage, percent), everybody).Say(Lead, Request((uint)participants));

        foreach (string name in everybody.Take(bar - 1)) told.Say(name, new ApprovePayload { RequestId = "r" });
        Assert.Equal("INVALID_ENVELOPE", told.Code(true));

        told.Say(everybody[bar - 1], new ApprovePayload { RequestId = "r" });
        Assert.Equal((null, "INVALID_ENVELOPE"), (told.Code(true), told.Code(false)));
    }

    [Theory]
    [InlineData(ThresholdType.NOfM, 2, 3u)]
    [InlineData(ThresholdType.NOfM, 2, 1u)]
    [InlineData(ThresholdType.Percentage, 50, 3u)]
    public void The_policys_bar_replaces_the_requests_whether_higher_or_lower(ThresholdType type, int value, uint requested)
    {
        var told = new Approval(Policy(type, value)).Say(Lead, Request(requested)).Say(Approval.Ana, new ApprovePayload { RequestId = "r" });
        Assert.Equal("INVALID_ENVELOPE", told.Code(true));

        Assert.Null(told.Say(Approval.Ben, new ApprovePayload { RequestId = "r" }).Code(true));
    }

    [Fact]
    public void Abstentions_leave_the_base_as_it_is_and_are_no_approvals_however_they_are_to_be_read()
    {
        foreach (var interpretation in Enum.GetValues<AbstentionInterpretation>())
            foreach (bool counts in (bool[])[true, false])
            {
                var rules = new QuorumRules
                {
                    Threshold = new() { Type = ThresholdType.Percentage, Value = 67 },
                    Abstention = new() { Interpretation = interpretation, CountsTowardQuorum = counts },
                };
                var told = new Approval(QuorumPolicy.Create("policy.test", "A test's.", rules)).Say(Lead, Request(1))
                    .Say(Lead, new ApprovePayload { RequestId = "r" }).Say(Approval.Ana, new ApprovePayload { RequestId = "r" });
                Assert.Equal(("INVALID_ENVELOPE", "INVALID_ENVELOPE"), (told.Code(true), told.Code(false)));

                told.Say(Approval.Ben, new AbstainPayload { RequestId = "r" });
                Assert.Equal(("INVALID_ENVELOPE", null), (told.Code(true), told.Code(false)));
            }
    }

    [Fact]
    public void The_same_bar_counts_at_every_schema_version()
    {
        foreach (uint version in (uint[])[1, 2, 3])
        {
            var told = new Approval(QuorumPolicy.Create("policy.test", "A test's.", Rules(ThresholdType.Percentage, 34), schemaVersion: version)).Say(Lead, Request(3));
            Assert.Equal("INVALID_ENVELOPE", told.Say(Approval.Ana, new ApprovePayload { RequestId = "r" }).Code(true));
            Assert.Null(told.Say(Approval.Ben, new ApprovePayload { RequestId = "r" }).Code(true));
        }
    }

    [Theory]
    [InlineData(1u, "{\"threshold\":{\"type\":\"n_of_m\",\"value\":0}}")]
    [InlineData(2u, "{\"threshold\":{\"type\":\"percentage\",\"value\":0}}")]
    [InlineData(3u, "{\"threshold\":{\"type\":\"n_of_m\"}}")]
    [InlineData(3u, "{}")]
    public void Without_a_bar_of_the_policys_the_requests_holds(uint version, string rules)
    {
        var policy = new PolicyDescriptor { PolicyId = "policy.test", Mode = QuorumMode.Descriptor.Identifier, Rules = rules, SchemaVersion = version };
        var told = new Approval(policy).Say(Lead, Request(2)).Say(Approval.Ana, new ApprovePayload { RequestId = "r" });
        Assert.Equal("INVALID_ENVELOPE", told.Code(true));

        Assert.Null(told.Say(Approval.Ben, new ApprovePayload { RequestId = "r" }).Code(true));
    }

    static PolicyDescriptor Policy(ThresholdType type, int value) => QuorumPolicy.Create("policy.test", "A test's.", Rules(type, value));

    static QuorumRules Rules(ThresholdType type, int value) => new() { Threshold = new() { Type = type, Value = value } };

    static ApprovalRequestPayload Request(uint required) => new() { RequestId = "r", Action = "deploy", RequiredApprovals = required };
}
