using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Modes.Standard.Tests.RuleOrder;

/// <summary>A message that is accepted where it stands, and everything that can be wrong with it.</summary>
public sealed record Situation(Draft Accepted, IReadOnlyList<Breach> Breaches)
{
    public override string ToString() => $"{Accepted.Mode}: {Accepted.Message.Type} of {Accepted.Message.Sender}";

    /// <summary>A participant's message.</summary>
    public static Situation Of(string mode, Line message, Line[] history, params IReadOnlyList<Breach> breaches) =>
        new(new(mode, message, history), [Sender("eve", "declared participants only"), .. Unreadable, .. breaches]);

    /// <summary>The initiator's message.</summary>
    public static Situation OfInitiator(string mode, Line message, Line[] history, params IReadOnlyList<Breach> breaches) =>
        new(new(mode, message, history), [Sender("bob", "the initiator only"), .. Unreadable, .. breaches]);

    /// <summary>The commitment, with a history that it can be positive after, and one that it cannot.</summary>
    public static Situation OfCommitment(string mode, string notReady, Line[] ready, Line[] tooEarly) => new(
        new(mode, new("ada", MessageTypes.Commitment, """{"outcomePositive":true}"""), ready),
        [
            Sender("bob", "'bob'"), .. Unreadable,
            Field("commitment_id", " ", "commitment_id must not be blank"), Field("action", "", "action must not be blank"), Field("authority_scope", "", "authority_scope must not be blank"),
            Field("reason", "", "reason must not be blank"), Field("supersedes", new CommitmentRef { SessionId = "s", CommitmentHash = "sha256:no" }, "supersedes.commitment_hash"),
            Binding("mode_version", "9.9.9"), Binding("configuration_version", "other"), Binding("policy_version", "policy.other"),
            new(Step.Binding, "needs outcome_positive = false", draft => draft.With("action", "act.rejected")),
            new(Step.Eligibility, notReady, draft => draft.Instead(tooEarly)),
            new(Step.Eligibility, "committed already", draft => draft.After(new Line("ada", MessageTypes.Commitment, """{"outcomePositive":true}"""))) { Code = ErrorCode.SessionNotOpen },
        ]);

    public static Breach Field(string name, object value, string reason) => new(Step.Field, reason, draft => draft.With(name, value));

    public static Breach Blank(string name) => Field(name, " ", $"{name} must not be blank");

    public static Breach Unknown(string name) => new(Step.Reference, $"{name} 'nowhere'", draft => draft.With(name, "nowhere"));

    public static Breach NotBy(string sender, string whom) => new(Step.By, $"only by its {whom}", draft => draft.By(sender));

    public static Breach NamesAnother(string name) => new(Step.Rest, $"{name} must be empty or name the sender", draft => draft.With(name, "cyd"));

    public static Breach After(string reason, params IReadOnlyList<Line> more) => new(Step.Rest, reason, draft => draft.After(more));

    static Breach Sender(string name, string reason) => new(Step.Role, reason, draft => draft.By(name));

    static Breach Binding(string name, string value) => new(Step.Binding, $"{name} '{value}' is not the session's", draft => draft.With(name, value));

    static IReadOnlyList<Breach> Unreadable { get; } =
    [
        new(Step.Payload, "not valid UTF-8", draft => draft.Then(0x0A, 0x02, 0xC3, 0x28)),
        new(Step.Payload, "the payload is not a", draft => draft.Then(0xFF)),
    ];
}
