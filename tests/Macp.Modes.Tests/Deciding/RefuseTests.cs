using Macp.Protocol;
using Macp.Tests;

namespace Macp.Modes.Tests.Deciding;

public class RefuseTests
{
    static readonly MessageContext Message = new("Vote", "ana", "m-1");
    static readonly SessionContext Session = new(new() { Mode = "ext.tally.v1", Sender = "ini" }, new() { Participants = { "ana" } });

    public static TheoryData<string, Rejection, string[]> Refusals => new()
    {
        { "FORBIDDEN", Refuse.NotAParticipant(Message), ["Vote", "'ana'"] },
        { "FORBIDDEN", Refuse.NotTheInitiator(Message), ["Vote", "'ana'"] },
        { "FORBIDDEN", Refuse.MayNotCommit(Message), ["'ana'"] },
        { "FORBIDDEN", Refuse.NotBy(Message, "task_id", "t-1", "assignee"), ["Vote", "task_id", "'t-1'", "assignee", "'ana'"] },
        { "INVALID_ENVELOPE", Refuse.Reserved("implicit"), ["implicit"] },
        { "INVALID_ENVELOPE", Refuse.Blank("proposal_id"), ["proposal_id"] },
        { "INVALID_ENVELOPE", Refuse.NotOneOf("vote", "MAYBE", "APPROVE, REJECT"), ["vote", "'MAYBE'", "APPROVE, REJECT"] },
        { "INVALID_ENVELOPE", Refuse.OutOfRange("confidence", 1.5, 0, 1), ["confidence", "1.5", "from 0 to 1"] },
        { "INVALID_ENVELOPE", Refuse.NamesNoParticipant("target_participant", "eve"), ["target_participant", "'eve'"] },
        { "INVALID_ENVELOPE", Refuse.NamesTheSender("target_participant"), ["target_participant"] },
        { "INVALID_ENVELOPE", Refuse.NamesSomebodyElse("accepted_by", "eve"), ["accepted_by", "'eve'"] },
        { "INVALID_ENVELOPE", Refuse.Unknown("proposal_id", "p-1", "proposals"), ["proposal_id", "'p-1'", "proposals"] },
        { "INVALID_ENVELOPE", Refuse.NoLonger("proposal_id", "p-1", "IsLive"), ["proposal_id", "'p-1'", "IsLive"] },
        { "INVALID_ENVELOPE", Refuse.NotUnique("proposal_id", "p-1", "proposals"), ["proposal_id", "'p-1'", "proposals"] },
        { "INVALID_ENVELOPE", Refuse.WrongPhase(Message, DayOfWeek.Monday), ["Vote", "Monday"] },
        { "INVALID_ENVELOPE", Refuse.AlreadySent(Message), ["Vote"] },
        { "INVALID_ENVELOPE", Refuse.AlreadySentBySender(Message), ["'ana'", "Vote"] },
        { "INVALID_ENVELOPE", Refuse.TooFewParticipants(2), ["participants", "2"] },
        { "SESSION_NOT_OPEN", Refuse.AlreadyCommitted(), ["committed"] },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_refusal_has_its_code_and_names_what_is_wrong(string code, Rejection rejection, string[] names)
    {
        Assert.Equal(code, rejection.Code.Value);
        Assert.All(names, name => Assert.Contains(name, rejection.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public void An_unknown_type_is_wrong_from_a_participant_and_forbidden_to_everybody_else()
    {
        var message = Message with { Type = "Veto" };
        Assert.Equal(ErrorCode.InvalidEnvelope, Refuse.UnknownType(message, Session).Code);
        Assert.Equal(ErrorCode.Forbidden, Refuse.UnknownType(message with { Sender = "eve" }, Session).Code);
        Assert.Equal(ErrorCode.Forbidden, Refuse.UnknownType(message with { Sender = "ini" }, Session).Code);
        Assert.Equal(ErrorCode.Forbidden, Refuse.UnknownType(message with { Sender = "Ana" }, Session).Code);
    }

    [Fact]
    public void A_refusal_is_short_however_long_what_it_refuses()
    {
        string huge = new('x', 1_000_000);
        var message = new MessageContext(huge, huge, "m-1");
        Rejection[] refusals =
        [
            Refuse.UnknownType(message, Session), Refuse.UnknownType(message with { Sender = "ana" }, Session), Refuse.MayNotCommit(message),
            Refuse.NotOneOf("f", huge, "A, B"), Refuse.NamesNoParticipant("f", huge), Refuse.NamesSomebodyElse("f", huge), Refuse.Unknown("f", huge, "t"),
            Refuse.NoLonger("f", huge, "c"), Refuse.NotUnique("f", huge, "t"), Refuse.NotBy(Message with { Sender = huge }, "f", huge, "by"),
            CommitmentRules.CheckBinding(new() { ModeVersion = huge }, Session)!, CommitmentRules.CheckBinding(new() { Action = huge + "approved" }, Session)!,
        ];
        Assert.All(refusals, refusal => Assert.InRange(refusal.Reason.Length, 10, 500));
    }

    [Fact]
    public void A_cut_leaves_whole_characters()
    {
        string crabs = "x" + string.Concat(Enumerable.Repeat("🦀", 100));
        Assert.DoesNotContain(Refuse.NotUnique("f", crabs, "t").Reason.EnumerateRunes(), rune => rune == System.Text.Rune.ReplacementChar);
    }

    [Fact]
    public void No_culture_words_a_refusal()
    {
        using var culture = new OddCulture();
        Assert.Equal("confidence must be from -0.5 to 1; it is 1.25", Refuse.OutOfRange("confidence", 1.25, -0.5, 1).Reason);
    }

    [Fact]
    public void A_policy_s_reasons_travel_one_by_one()
    {
        var rejection = Rejection.PolicyDenied("no quorum", "a veto");
        Assert.Equal(ErrorCode.PolicyDenied, rejection.Code);
        Assert.Equal("no quorum; a veto", rejection.Reason);
        Assert.Equal(["no quorum", "a veto"], rejection.Reasons);
    }
}
