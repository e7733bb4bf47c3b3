using Google.Protobuf;
using Macp.Wire.V1;

namespace Macp.Modes.Standard.Tests.Governing;

/// <summary>A session under a policy, judged as a runtime judges it: the policy is registered, bound and asked by the mode's own handler.</summary>
sealed class Bound<TMode>
    where TMode : IMode
{
    public const string Lead = "agent://lead", Ana = "agent://ana", Ben = "agent://ben", Cleo = "agent://cleo", Auditor = "agent://auditor";

    readonly SessionHandler _handler;
    int _messages;

    /// <summary>A session that the lead has started, with these participants; the lead, Ana and Ben when none are named.</summary>
    public Bound(PolicyDescriptor policy, params string[] participants)
    {
        Assert.Null(PolicyDefinition.Read(policy, new ModeCatalog().Add<TMode>().All, out var definition));
        Assert.Null(definition.Bind(TMode.Descriptor.Identifier, TMode.Governance, out var binding));
        var start = new SessionStartPayload { ModeVersion = "1.0.0", ConfigurationVersion = "cfg", Participants = { participants.Length > 0 ? participants : [Lead, Ana, Ben] } };
        _handler = TMode.Open(new(Envelope(Lead, start), start, binding));
        Assert.Null(_handler.CanStart());
    }

    public Bound<TMode> Say(string sender, IMessage payload)
    {
        Assert.Null(Judge(sender, payload, out var verdict, out var message));
        _handler.Evolve(message, verdict.Payload!);
        return this;
    }

    /// <summary>What the runtime would say of a message; nothing changes.</summary>
    public Rejection? Judge(string sender, IMessage payload) => Judge(sender, payload, out _, out _);

    public Rejection? Commit(bool positive, string sender = Lead) => Judge(sender, Commitment(positive));

    /// <summary>The code with which a commitment is refused; null when it is accepted.</summary>
    public string? Code(bool positive, string sender = Lead) => Commit(positive, sender)?.Code.Value;

    public static CommitmentPayload Commitment(bool positive) => new()
    {
        CommitmentId = "c-1",
        Action = "the-outcome",
        AuthorityScope = "test",
        Reason = "so it came",
        ModeVersion = "1.0.0",
        ConfigurationVersion = "cfg",
        OutcomePositive = positive,
    };

    Rejection? Judge(string sender, IMessage payload, out Verdict verdict, out MessageContext message)
    {
        var envelope = Envelope(sender, payload);
        message = MessageContext.Of(envelope);
        verdict = _handler.Decide(message, envelope.Payload);
        return verdict.Rejection;
    }

    Envelope Envelope(string sender, IMessage payload) => new()
    {
        Mode = TMode.Descriptor.Identifier,
        MessageType = payload.Descriptor.Name[..^"Payload".Length],
        MessageId = $"m-{++_messages}",
        SessionId = "s-1",
        Sender = sender,
        Payload = payload.ToByteString(),
    };
}
