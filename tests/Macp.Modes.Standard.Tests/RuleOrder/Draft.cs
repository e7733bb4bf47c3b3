using Google.Protobuf;
using Macp.Modes.Standard.Tests.Properties;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Modes.Standard.Tests.RuleOrder;

/// <summary>The places of the order in which a message is judged (decisions 9).</summary>
public enum Step
{
    Role,
    Payload,
    Field,
    Reference,
    By,
    Rest,
    Binding,
    Eligibility,
}

/// <summary>One way to break one rule.</summary>
/// <param name="Step">The rule's place in the order.</param>
/// <param name="Reason">What the refusal says.</param>
/// <param name="Break">Makes of a message that is accepted one that is not.</param>
public sealed record Breach(Step Step, string Reason, Func<Draft, Draft> Break)
{
    /// <summary>The code of the refusal, when it is not the step's.</summary>
    public ErrorCode Code { get; init; } = Step is Step.Role or Step.By ? ErrorCode.Forbidden : ErrorCode.InvalidEnvelope;

    public override string ToString() => $"{Step} ({Reason})";
}

/// <summary>A message of a history or of a draft, its payload as protobuf's JSON.</summary>
public sealed record Line(string Sender, string Type, string Json = "{}");

/// <summary>A message to be judged after a history.</summary>
public sealed record Draft(string Mode, Line Message, IReadOnlyList<Line> History)
{
    /// <summary>Bytes behind the payload's own.</summary>
    ByteString Tail { get; init; } = ByteString.Empty;

    IReadOnlyList<(string Field, object Value)> Changes { get; init; } = [];

    public Draft By(string sender) => this with { Message = Message with { Sender = sender } };

    public Draft With(string field, object value) => this with { Changes = [.. Changes, (field, value)] };

    public Draft Then(params byte[] tail) => this with { Tail = ByteString.CopyFrom(tail) };

    public Draft After(params IReadOnlyList<Line> more) => this with { History = [.. History, .. more] };

    public Draft Instead(params IReadOnlyList<Line> history) => this with { History = history };

    /// <summary>Plays the history, of which all must be accepted, and judges the message. Answers false when the history is none.</summary>
    public bool TryJudge(out Rejection? rejection)
    {
        var subject = Subject.All[Mode];
        var handler = subject.Mode.Open(subject.NewSession());
        rejection = null;
        foreach (var line in History)
        {
            var verdict = handler.Decide(ContextOf(line), Encode(subject, line));
            if (verdict.Rejection is not null) return false;
            handler.Evolve(ContextOf(line), verdict.Payload!);
        }
        rejection = handler.Decide(ContextOf(Message), Encode(subject, Message, Changes, Tail)).Rejection;
        return true;
    }

    static MessageContext ContextOf(Line line) => new(line.Type, line.Sender, "m");

    static ByteString Encode(Subject subject, Line line, IReadOnlyList<(string Field, object Value)>? changes = null, ByteString? tail = null)
    {
        var type = subject.Mode.Descriptor.PayloadOf(line.Type)!;
        var payload = JsonParser.Default.Parse(line.Json, type);
        if (payload is CommitmentPayload commitment && commitment.CommitmentId.Length == 0) payload = Complete(commitment, subject.NewSession());
        foreach (var (field, value) in changes ?? []) type.FindFieldByName(field).Accessor.SetValue(payload, value);
        return ByteString.CopyFrom([.. payload.ToByteArray(), .. tail ?? ByteString.Empty]);
    }

    static CommitmentPayload Complete(CommitmentPayload commitment, SessionContext session) => new(commitment)
    {
        CommitmentId = "c",
        Action = "act",
        AuthorityScope = "scope",
        Reason = "reason",
        ModeVersion = session.ModeVersion,
        ConfigurationVersion = session.ConfigurationVersion,
    };
}
