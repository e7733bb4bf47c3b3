namespace Macp.Modes.Tests.Hosting;

/// <summary>What the declarations of a mode allow, and what no history can reach. The built-in modes' transitions are held against the modes at work.</summary>
public class PhaseTransitionTests
{
    [Fact]
    public void A_message_moves_the_phase_or_leaves_it() => Assert.Equal(
        ["Open -Bid-> Open", "Open -Close-> Closed", "Closed -Note-> Closed"],
        Of(Message("Bid", ["Open"]), Message("Close", ["Open"], "Closed"), Message("Note", ["Closed"])));

    [Fact]
    public void A_computed_phase_is_told_by_its_leads() => Assert.Equal(
        ["Open -Bid-> Open", "Open -Bid-> Closed", "Closed -Bid-> Closed"],
        Of(Message("Bid", ["Open", "Closed"]) with { Leads = [new("Open", ["Open"]), new("Open", ["Open", "Closed"])] }));

    [Fact]
    public void A_phase_that_nothing_leads_to_has_no_transitions() => Assert.Equal(["Open -Bid-> Open"], Of(Message("Bid", ["Open", "Closed"])));

    [Fact]
    public void What_is_accepted_once_a_session_does_not_come_again() => Assert.Equal(
        ["Open -Ask-> Closed", "Closed -Note-> Closed"],
        Of(Message("Ask", ["Open", "Closed"], "Closed", new Check.OncePerSession("request")), Message("Note", ["Closed"])));

    [Fact]
    public void A_reference_waits_for_what_it_refers_to() => Assert.Equal(
        ["Open -Offer-> Closed", "Closed -Answer-> Closed", "Closed -Offer-> Closed"],
        Of(Message("Answer", ["Open", "Closed"], null, new Check.References("id", "offers")), Message("Offer", ["Open", "Closed"], "Closed", new Check.Unique("id", "offers"))));

    [Fact]
    public void A_reference_to_what_nothing_is_known_to_enter_may_come_at_any_time() =>
        Assert.Equal(["Open -Answer-> Open"], Of(Message("Answer", ["Open"], null, new Check.References("id", "offers"))));

    [Fact]
    public void What_refers_to_a_table_is_not_the_first_to_enter_something_there() => Assert.Equal(
        ["Open -Offer-> Closed", "Closed -Counter-> Closed"],
        Of(Message("Counter", ["Open", "Closed"], null, new Check.References("of", "offers"), new Check.Unique("id", "offers")), Message("Offer", ["Open"], "Closed", new Check.Unique("id", "offers"))));

    [Theory]
    [InlineData(new[] { "Open" }, new[] { "Open" }, "Open -Commitment-> Committed")]
    [InlineData(new[] { "Open" }, new string[0], "Open -Commitment (True)-> Committed")]
    [InlineData(new string[0], new[] { "Open" }, "Open -Commitment (False)-> Committed")]
    [InlineData(new[] { "Closed" }, new[] { "Closed" }, null)]
    public void A_commitment_leads_from_where_an_outcome_can_be_eligible(string[] positive, string[] negative, string? expected) => Assert.Equal(
        expected is null ? [] : [expected], Lines(Mode([]) with { Commitment = new() { PositiveDuring = positive, NegativeDuring = negative } }));

    static IEnumerable<string> Of(params MessageRule[] messages) => Lines(Mode(messages));

    static IEnumerable<string> Lines(ModeDescriptor mode) => PhaseTransition.Of(mode)
        .Select(edge => $"{edge.From} -{edge.Message}{(edge.OutcomePositive is { } positive ? $" ({positive})" : "")}-> {edge.To}");

    static MessageRule Message(string type, string[] during, string? movesTo = null, params Check[] checks) => new()
    {
        Type = type, Payload = Envelope.Descriptor, From = Role.Participant, During = during, MovesTo = movesTo, ClientMethod = type + "Async", Checks = checks,
    };

    static ModeDescriptor Mode(MessageRule[] messages) => new()
    {
        Identifier = "ext.test.v1", Version = "1.0.0", Title = "Test", Description = "", Participants = ParticipantModel.Declared, Determinism = DeterminismClass.StructuralOnly,
        MinimumParticipants = 1, Phases = ["Open", "Closed", "Committed"], CommittedPhase = "Committed", Messages = messages,
    };
}
