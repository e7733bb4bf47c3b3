using Google.Protobuf;
using Macp.Wire.V1;

namespace Macp.Modes.Standard.Tests.Queries;

/// <summary>
/// A session that is told to its projection. The mode's own handler judges every message first, as a runtime does, so that no test
/// builds on a history that nobody could have accepted.
/// </summary>
sealed class Told<TMode, TProjection>
    where TMode : IMode
    where TProjection : IProjection, new()
{
    public const string Lead = "agent://lead", Ana = "agent://ana", Ben = "agent://ben", Cleo = "agent://cleo";

    readonly SessionHandler _runtime;
    int _messages;

    /// <summary>A session that the lead has started, with these participants; the lead, Ana and Ben when none are named.</summary>
    public Told(params string[] participants)
    {
        var start = new SessionStartPayload { ModeVersion = "1.0.0", ConfigurationVersion = "cfg", Participants = { participants.Length > 0 ? participants : [Lead, Ana, Ben] } };
        var envelope = Envelope(Lead, start);
        _runtime = TMode.Open(new(envelope, start));
        Assert.Null(_runtime.CanStart());
        Assert.Equal(ProjectionResult.Applied, Projection.Apply(envelope));
    }

    public TProjection Projection { get; } = new();

    /// <summary>Accepts a message, on both sides.</summary>
    public Told<TMode, TProjection> Say(string sender, IMessage payload)
    {
        var envelope = Envelope(sender, payload);
        var verdict = _runtime.Decide(MessageContext.Of(envelope), envelope.Payload);
        Assert.Null(verdict.Rejection);
        _runtime.Evolve(MessageContext.Of(envelope), verdict.Payload!);
        Assert.Equal(ProjectionResult.Applied, Projection.Apply(envelope));
        return this;
    }

    public Told<TMode, TProjection> Commit(bool positive) => Say(Lead, Commitment(positive));

    /// <summary>What the runtime would say of a message; nothing changes.</summary>
    public Rejection? Judge(string sender, IMessage payload)
    {
        var envelope = Envelope(sender, payload);
        return _runtime.Decide(MessageContext.Of(envelope), envelope.Payload).Rejection;
    }

    /// <summary>Which signs may be committed now: <c>+</c>, <c>-</c>, both or none. The projection must say what the runtime says.</summary>
    public string Signs(Func<bool, Rejection?> canCommit)
    {
        foreach (bool positive in (bool[])[true, false]) Assert.Equal(Judge(Lead, Commitment(positive)), canCommit(positive));
        return (canCommit(true) is null ? "+" : "") + (canCommit(false) is null ? "-" : "");
    }

    /// <summary>The next envelope of the session; a payload's name says the message's type.</summary>
    public Envelope Envelope(string sender, IMessage payload) => new()
    {
        MacpVersion = "1.0",
        Mode = TMode.Descriptor.Identifier,
        MessageType = payload.Descriptor.Name[..^"Payload".Length],
        MessageId = $"m-{++_messages}",
        SessionId = "s-1",
        Sender = sender,
        Payload = payload.ToByteString(),
    };

    static CommitmentPayload Commitment(bool positive) => new()
    {
        CommitmentId = "c-1",
        Action = "the-outcome",
        AuthorityScope = "test",
        Reason = "told so",
        ModeVersion = "1.0.0",
        ConfigurationVersion = "cfg",
        OutcomePositive = positive,
    };
}
