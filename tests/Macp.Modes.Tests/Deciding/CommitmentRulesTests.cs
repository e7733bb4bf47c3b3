using Macp.Protocol;

namespace Macp.Modes.Tests.Deciding;

public class CommitmentRulesTests
{
    const string AnyHash = "sha256:0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f";

    // What Unicode calls White_Space, which is what makes a text blank.
    const string WhiteSpace = "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000";

    [Fact]
    public void A_proper_commitment_passes()
    {
        Assert.Null(CommitmentRules.CheckFields(Sample()));
        Assert.Null(CommitmentRules.CheckBinding(Sample(), Session()));
    }

    public static TheoryData<string> RequiredFields => ["commitment_id", "action", "authority_scope", "reason"];

    [Theory]
    [MemberData(nameof(RequiredFields))]
    public void Each_required_field_must_not_be_blank(string field)
    {
        foreach (string blank in (string[])["", " ", WhiteSpace])
        {
            var commitment = Sample();
            Set(commitment, field, blank);
            IsRefused(CommitmentRules.CheckFields(commitment), field);
        }
        // What looks blank and is not.
        foreach (string text in (string[])["\u200b", "\u180e", "\u2060", "\ufeff", "\0", "\u001c", "\u001f"])
        {
            var commitment = Sample();
            Set(commitment, field, text);
            Assert.Null(CommitmentRules.CheckFields(commitment));
        }
    }

    [Fact]
    public void What_is_asked_is_told_in_its_order()
    {
        // Everything is wrong at once; what answers is put right, until nothing is left.
        var good = Sample();
        var commitment = new CommitmentPayload { Supersedes = new() { SessionId = "s", CommitmentHash = "none" }, PolicyVersion = "other", OutcomePositive = false };
        var put = new Dictionary<string, Action>(StringComparer.Ordinal)
        {
            ["commitment_id"] = () => commitment.CommitmentId = good.CommitmentId, ["authority_scope"] = () => commitment.AuthorityScope = good.AuthorityScope, ["reason"] = () => commitment.Reason = good.Reason,
            ["supersedes"] = () => commitment.Supersedes = null, ["mode_version"] = () => commitment.ModeVersion = good.ModeVersion,
            ["configuration_version"] = () => commitment.ConfigurationVersion = good.ConfigurationVersion, ["policy_version"] = () => commitment.PolicyVersion = "",
            ["action"] = () => (commitment.OutcomePositive, commitment.Action) = (commitment.Action.Length > 0, "task.completed"),
        };

        foreach (var check in CommitmentRules.Checks)
        {
            var refused = CommitmentRules.CheckFields(commitment) ?? CommitmentRules.CheckBinding(commitment, Session());
            Assert.StartsWith(check.Field!, refused?.Reason, StringComparison.Ordinal);
            Assert.Equal(check.Code, refused!.Code);
            put[check.Field!]();
        }
        Assert.Null(CommitmentRules.CheckFields(commitment) ?? CommitmentRules.CheckBinding(commitment, Session()));
    }

    [Theory]
    [InlineData("s-1", AnyHash, null)]
    [InlineData("", AnyHash, "supersedes.session_id")]
    [InlineData("\u3000", AnyHash, "supersedes.session_id")]
    [InlineData("s-1", "", "supersedes.commitment_hash")]
    [InlineData("s-1", "0f0f", "supersedes.commitment_hash")]
    [InlineData("s-1", AnyHash + "\n", "supersedes.commitment_hash")]
    [InlineData("s-1", "SHA256:0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f", "supersedes.commitment_hash")]
    public void What_is_superseded_has_a_session_and_a_hash(string session, string hash, string? refused)
    {
        var commitment = Sample();
        commitment.Supersedes = new() { SessionId = session, CommitmentHash = hash };
        var rejection = CommitmentRules.CheckFields(commitment);
        if (refused is null) Assert.Null(rejection);
        else IsRefused(rejection, refused);
    }

    [Theory]
    [InlineData("mode_version")]
    [InlineData("configuration_version")]
    [InlineData("policy_version")]
    public void Versions_are_the_ones_that_the_session_is_bound_to(string field)
    {
        foreach (string other in (string[])["2.0.0", "1.0.0 ", " ", "CONFIG.DEFAULT", "policy.Default"])
        {
            var commitment = Sample();
            Set(commitment, field, other);
            IsRefused(CommitmentRules.CheckBinding(commitment, Session()), field);
        }
    }

    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "policy.default", true)]
    [InlineData("policy.x", "", true)]
    [InlineData("policy.x", "policy.x", true)]
    [InlineData("policy.x", "policy.default", false)]
    [InlineData("", "policy.x", false)]
    public void An_empty_policy_version_is_whatever_is_bound(string started, string committed, bool passes)
    {
        var commitment = Sample();
        commitment.PolicyVersion = committed;
        Assert.Equal(passes, CommitmentRules.CheckBinding(commitment, Session(started)) is null);
    }

    [Theory]
    [InlineData("mode_version")]
    [InlineData("configuration_version")]
    public void The_other_versions_must_not_be_empty(string field)
    {
        var commitment = Sample();
        Set(commitment, field, "");
        IsRefused(CommitmentRules.CheckBinding(commitment, Session()), field);
    }

    [Fact]
    public void Versions_answer_before_the_sign()
    {
        var commitment = Sample();
        (commitment.ModeVersion, commitment.Action) = ("2.0.0", "decision.rejected");
        IsRefused(CommitmentRules.CheckBinding(commitment, Session()), "mode_version");
    }

    [Theory]
    [InlineData("decision.rejected", false)]
    [InlineData("task.failed", false)]
    [InlineData("handoff.declined", false)]
    [InlineData("decision.selected", true)]
    [InlineData("proposal.accepted", true)]
    [InlineData("task.completed", true)]
    [InlineData("quorum.approved", true)]
    [InlineData("unapproved", true)]
    [InlineData("unfailed", false)]
    [InlineData("rejected", false)]
    [InlineData("not.rejected.but.accepted", true)]
    [InlineData("decision.Rejected", null)]
    [InlineData("APPROVED", null)]
    [InlineData("approved ", null)]
    [InlineData("approved\n", null)]
    [InlineData("approved.later", null)]
    [InlineData("deploy-prod", null)]
    [InlineData("", null)]
    public void An_action_s_ending_asks_for_a_sign(string action, bool? sign)
    {
        Assert.Equal(sign, CommitmentRules.SignOf(action));
        foreach (bool positive in (bool[])[true, false])
        {
            var commitment = Sample();
            (commitment.Action, commitment.OutcomePositive) = (action, positive);
            var rejection = CommitmentRules.CheckBinding(commitment, Session());
            if (sign is null || sign == positive) Assert.Null(rejection);
            else IsRefused(rejection, "outcome_positive");
        }
    }

    static void IsRefused(Rejection? rejection, string field)
    {
        Assert.NotNull(rejection);
        Assert.Equal(ErrorCode.InvalidEnvelope, rejection.Code);
        Assert.Contains(field, rejection.Reason, StringComparison.Ordinal);
    }

    static void Set(CommitmentPayload commitment, string field, string value) =>
        CommitmentPayload.Descriptor.FindFieldByName(field).Accessor.SetValue(commitment, value);

    static CommitmentPayload Sample() => new()
    {
        CommitmentId = "c-1",
        Action = "decision.selected",
        AuthorityScope = "release",
        Reason = "why not",
        ModeVersion = "1.0.0",
        ConfigurationVersion = "config.default",
        OutcomePositive = true,
    };

    static SessionContext Session(string policyVersion = "") => new(
        new() { Mode = "ext.tally.v1", SessionId = "s-1", Sender = "ana" },
        new() { ModeVersion = "1.0.0", ConfigurationVersion = "config.default", PolicyVersion = policyVersion });
}
