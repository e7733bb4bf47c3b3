using Macp.Tests;

namespace Macp.Modes.Tests.Hosting;

/// <summary>Checks as reference pages tell them.</summary>
public class CheckTests
{
    static readonly MessageContext Message = new("Vote", "bob", "m");

    // Each check, the words for it, and the refusal whose code it must tell.
    static readonly (Check Check, string Words, Rejection Refusal)[] All =
    [
        (new Check.Sender(Role.Participant), "the sender is a declared participant", Refuse.NotAParticipant(Message)),
        (new Check.Sender(Role.Initiator), "the sender is the initiator", Refuse.NotTheInitiator(Message)),
        (new Check.Readable(Legacy: true), "the payload can be read, in this form or in an older one: text is UTF-8, numbers are finite", Unreadable()),
        (new Check.Reserved("f"), "is left unset: the runtime alone sets it", Refuse.Reserved("f")),
        (new Check.Required("f"), "is not blank", Refuse.Blank("f")),
        (new Check.OneOf("f", ["A", "B", "C"]), "is A, B or C, in upper or lower case", Refuse.NotOneOf("f", "d", "A, B, C")),
        (new Check.OneOf("f", ["low"], "low"), "is low, in upper or lower case; empty means low", Refuse.NotOneOf("f", "d", "low")),
        (new Check.InRange("f", 0, 0.5), "is from 0 to 0.5", Refuse.OutOfRange("f", 1, 0, 0.5)),
        (new Check.InRange("f", 1, double.PositiveInfinity), "is at least 1", Refuse.OutOfRange("f", 0, 1, double.PositiveInfinity)),
        (new Check.InRange("f", double.NegativeInfinity, 1), "is at most 1", Refuse.OutOfRange("f", 2, double.NegativeInfinity, 1)),
        (new Check.NamesParticipant("f"), "names a declared participant", Refuse.NamesNoParticipant("f", "x")),
        (new Check.NamesParticipant("f", NotSender: true, Optional: true), "is empty or names a declared participant other than the sender", Refuse.NamesTheSender("f")),
        (new Check.References("f", "proposals"), "is among the session's proposals", Refuse.Unknown("f", "x", "proposals")),
        (new Check.References("f", "open_offers", Where: "is_live"), "is among the session's open offers: one that is live", Refuse.NoLonger("f", "x", "is_live")),
        (new Check.References("f", "task", IsSingle: true), "is that of the session's task", Refuse.Unknown("f", "x", "task")),
        (new Check.SentBy("f", "active_assignee"), "refers to an entry whose active assignee is the sender", Refuse.NotBy(Message, "f", "x", "active assignee")),
        (new Check.During(), "the session is not committed", Refuse.WrongPhase(Message, Role.Initiator)),
        (new Check.During("Open", "Closed"), "the phase is Open or Closed", Refuse.WrongPhase(Message, Role.Initiator)),
        (new Check.NamesSender("f"), "is empty or names the sender", Refuse.NamesSomebodyElse("f", "x")),
        (new Check.Unique("f", "proposals"), "is not among the session's proposals yet", Refuse.NotUnique("f", "x", "proposals")),
        (new Check.OncePerSession("request"), "the session has no request yet", Refuse.AlreadySent(Message)),
        (new Check.OncePerSender("ballots"), "the sender is not among the session's ballots yet", Refuse.AlreadySentBySender(Message)),
        (new Check.OncePerSender("votes", "f"), "the sender is not among the session's votes on this f yet", Refuse.AlreadySentBySender(Message)),
        (new Check.Written("rounds are left"), "rounds are left", Rejection.InvalidEnvelope("")),
        (new Check.MayCommit(), "the sender is the initiator, or whoever the bound policy designates in its place", Refuse.MayNotCommit(Message)),
        (new Check.NotCommitted(), "the session is not committed", Refuse.AlreadyCommitted()),
        (new Check.Eligible("it is decided"), "it is decided", Rejection.InvalidEnvelope("")),
        (new Check.Eligible("it is decided", Positive: false), "is false only where it is decided", Rejection.InvalidEnvelope("")),
        (new Check.AllowedByPolicy(), "the bound policy does not deny it", Rejection.PolicyDenied("")),
    ];

    public static TheoryData<int> Indices => [.. Enumerable.Range(0, All.Length)];

    [Theory]
    [MemberData(nameof(Indices))]
    public void Each_check_has_its_words_and_the_code_of_its_refusal(int index)
    {
        var (check, words, refusal) = All[index];

        Assert.Equal((words, refusal.Code), (check.Words, check.Code));
    }

    [Fact]
    public void Every_check_there_is_has_words() => Assert.Equal(
        typeof(Check).GetNestedTypes().Select(type => type.Name).Order(StringComparer.Ordinal), All.Select(each => each.Check.GetType().Name).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Numbers_are_written_alike_in_every_culture()
    {
        using var _ = new OddCulture();
        Assert.Equal("is from -0.5 to 0.5", new Check.InRange("f", -0.5, 0.5).Words);
    }

    static Rejection Unreadable() => new PayloadReader<CommitmentPayload>().Read(Google.Protobuf.ByteString.CopyFrom(0xFF), out _)!;
}
