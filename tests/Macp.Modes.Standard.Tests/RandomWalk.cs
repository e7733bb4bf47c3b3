using Google.Protobuf;
using Google.Protobuf.Reflection;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Modes.Standard.Tests;

/// <summary>
/// Plays sessions of a mode with messages made at random, the same in every run, of values that its checks may accept; tells which phases the accepted
/// ones led from and to.
/// </summary>
sealed class RandomWalk(HostedMode mode, PolicyBinding policy)
{
    const string Initiator = "alice";

    static readonly string[] Participants = [Initiator, "bob", "carol"], Ids = ["one", "two"];

    readonly Random _random = new(1);
    readonly HashSet<PhaseTransition> _happened = [];

    public IReadOnlySet<PhaseTransition> Transitions(int sessions, int messages)
    {
        for (int i = 0; i < sessions; i++) Play(messages);
        return _happened;
    }

    void Play(int messages)
    {
        var start = new SessionStartPayload { ModeVersion = mode.Descriptor.Version, ConfigurationVersion = "c", Participants = { Participants.Take(_random.Next(2, 4)) } };
        var session = new SessionContext(new Envelope { SessionId = "s", Mode = mode.Descriptor.Identifier, Sender = Initiator }, start, policy);
        var handler = mode.Open(session);
        Assert.Null(handler.CanStart());

        for (int i = 0; i < messages; i++)
        {
            foreach (bool positive in (bool[])[true, false]) TryCommit(handler, positive);
            var rule = Any(mode.Descriptor.Messages);
            var message = new MessageContext(rule.Type, Any(session.Participants), $"m{i}");
            if (handler.Decide(message, Payload(rule).ToByteString()) is not { Payload: { } accepted }) continue;

            string before = handler.Phase;
            handler.Evolve(message, accepted);
            _happened.Add(new(before, rule.Type, handler.Phase));
        }
    }

    void TryCommit(SessionHandler handler, bool positive)
    {
        var commitment = new CommitmentPayload
        {
            CommitmentId = "c", Action = "do", AuthorityScope = "all", Reason = "because", ModeVersion = handler.Session.ModeVersion, ConfigurationVersion = "c", OutcomePositive = positive,
        };
        if (handler.Decide(new(MessageTypes.Commitment, Initiator, "c"), commitment.ToByteString()).Rejection is null)
            _happened.Add(new(handler.Phase, MessageTypes.Commitment, mode.Descriptor.CommittedPhase, positive));
    }

    IMessage Payload(MessageRule rule)
    {
        var payload = rule.Payload.Parser.ParseFrom(ByteString.Empty);
        foreach (var field in rule.Payload.Fields.InDeclarationOrder())
            if (Value(field, rule.Checks.Where(check => check.Field == field.Name).ToList()) is { } value) field.Accessor.SetValue(payload, value);
        return payload;
    }

    object? Value(FieldDescriptor field, List<Check> checks) => field switch
    {
        { IsRepeated: true } => null,
        _ when checks.Exists(check => check is Check.Reserved or Check.NamesSender) => null,
        _ when checks.OfType<Check.OneOf>().FirstOrDefault() is { } set => Any(set.Values),
        _ when checks.OfType<Check.NamesParticipant>().Any() => Any([.. Participants, ""]),
        { FieldType: FieldType.String } => Any(Ids),
        { FieldType: FieldType.Bool } => _random.Next(2) == 0,
        { FieldType: FieldType.UInt32 } => (uint)_random.Next(4),
        _ => null,
    };

    T Any<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];
}
