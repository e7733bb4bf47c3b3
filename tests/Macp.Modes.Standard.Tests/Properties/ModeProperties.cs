using Macp.Protocol;
using Macp.Wire.V1;
using Xunit.Abstractions;

namespace Macp.Modes.Standard.Tests.Properties;

/// <summary>What holds of every mode and every sequence of messages: legal, illegal and garbage.</summary>
public sealed class ModeProperties(ITestOutputHelper output)
{
    public static TheoryData<string> Modes => [.. Subject.All.Keys];

    [Theory, MemberData(nameof(Modes))]
    public void Folding_the_history_again_gives_the_same_state(string mode) => Holds(mode, play =>
    {
        var handler = play.Subject.Mode.Open(play.Subject.NewSession());
        var twin = play.Subject.NewTwin();
        foreach (var envelope in play.Accepted)
        {
            handler.Evolve(MessageContext.Of(envelope), envelope.Payload);
            twin.Evolve(MessageContext.Of(envelope), envelope.Payload);
        }
        string live = Spy.StateOf(play.Handler), again = Spy.StateOf(handler);
        return live != again ? $"folding again gives {again}"
            : play.Twin.Json() != live || twin.Json() != live ? $"the static code has {play.Twin.Json()} live, and {twin.Json()} folded again"
            : !play.Twin.IsSameAs(twin) ? "the two states are written alike and are not equal"
            : play.Accepted.Count > 0 && play.Subject.NewTwin() is var empty && play.Twin.IsSameAs(empty) != (empty.Json() == live) ? "equality and the written form disagree about the empty state"
            : handler.Phase != play.Handler.Phase || handler.IsCommitted != play.Handler.IsCommitted ? $"the phase is {handler.Phase} when folded again" : null;
    });

    [Theory, MemberData(nameof(Modes))]
    public void A_refused_message_changes_nothing(string mode) => Holds(mode, play => First(play, moment =>
        moment.Before != moment.Judged ? $"deciding changed the state to {moment.Judged}" : !moment.IsAccepted && moment.Before != moment.After ? $"it was refused, and the state is {moment.After}" : null));

    [Theory, MemberData(nameof(Modes))]
    public void Nothing_is_accepted_after_a_commitment(string mode) => Holds(mode, play =>
        First(play, moment => moment.IsLate && moment.IsAccepted ? "it was accepted after the commitment" : null)
        ?? (play.Accepted.Exists(IsCommitment) == (play.Handler.IsCommitted && play.Handler.Phase == play.Subject.Mode.Descriptor.CommittedPhase) ? null : "the handler does not know whether it is committed"));

    [Theory, MemberData(nameof(Modes))]
    public void The_validator_and_the_handler_agree(string mode) => Holds(mode, play => First(play, moment =>
        moment.Verdict.Rejection is { } refused
            ? moment.TwinVerdict.Rejection is { } also && also.Code == refused.Code && also.Reason == refused.Reason ? null : $"the validator says {moment.TwinVerdict.Rejection}"
            : moment.Verdict.Payload!.Equals(moment.TwinVerdict.Payload) ? null : $"the validator says {moment.TwinVerdict.Rejection?.ToString() ?? moment.TwinVerdict.Payload!.ToString()}"));

    [Theory, MemberData(nameof(Modes))]
    public void The_projection_follows_the_handler(string mode) =>
        Holds(mode, play => First(play, moment => moment.Projected == moment.After ? null : $"the handler has {moment.After}, the projection {moment.Projected}"));

    void Holds(string mode, Func<Play, string?> law)
    {
        var census = new Census();
        Cases.Hold(attempts =>
        {
            var play = new Play(Subject.All[mode], attempts);
            census.Count(play.Moments.Count, play.Moments.Count(moment => moment.IsLate), play.Accepted.Select(SignOf));
            return law(play) is { } broken ? $"{broken}\n{play}" : null;
        });
        census.AssertDepth(output);
    }

    static string? First(Play play, Func<Moment, string?> wrong) =>
        play.Moments.Select(moment => wrong(moment) is { } what ? $"{moment}: {what}" : null).FirstOrDefault(what => what is not null);

    static bool IsCommitment(Envelope envelope) => envelope.MessageType == MessageTypes.Commitment;

    internal static bool? SignOf(Envelope envelope) => IsCommitment(envelope) ? CommitmentPayload.Parser.ParseFrom(envelope.Payload).OutcomePositive : null;
}
