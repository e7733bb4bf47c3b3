using Google.Protobuf;
using Macp.Wire.Modes.Decision.V1;
using Macp.Wire.V1;

namespace Macp.Server.Tests;

/// <summary>Envelopes of the Decision mode, right unless a test makes them wrong.</summary>
static class Envelopes
{
    public const string Mode = "macp.mode.decision.v1";

    public static string NewSession() => Guid.NewGuid().ToString();

    public static Envelope Of(string session, string type, IMessage? payload = null, string? id = null, string mode = Mode) => new()
    {
        MacpVersion = "1.0",
        Mode = mode,
        MessageType = type,
        // Never one that a test chooses: a session would refuse the later of the two.
        MessageId = id ?? Guid.NewGuid().ToString(),
        SessionId = session,
        Payload = payload?.ToByteString() ?? ByteString.Empty,
    };

    public static SessionStartPayload StartPayload() => new()
    {
        Intent = "choose",
        Participants = { "alice", "bob", "carol" },
        ModeVersion = "1.0.0",
        ConfigurationVersion = "config.default",
        TtlMs = 60_000,
    };

    public static Envelope Start(string session, Action<SessionStartPayload>? change = null, string? id = null)
    {
        var payload = StartPayload();
        change?.Invoke(payload);
        return Of(session, "SessionStart", payload, id);
    }

    /// <summary>One that belongs to no session.</summary>
    public static Envelope Progress() => Of("", "Progress", mode: "");

    public static Envelope Proposal(string session, string proposal = "p1", string? id = null) =>
        Of(session, "Proposal", new ProposalPayload { ProposalId = proposal, Option = "an option" }, id);

    public static Envelope Evaluation(string session, string proposal = "p1", string recommendation = "APPROVE", double confidence = 0.5, string? id = null) =>
        Of(session, "Evaluation", new EvaluationPayload { ProposalId = proposal, Recommendation = recommendation, Confidence = confidence }, id);

    public static Envelope Objection(string session, string proposal = "p1", string severity = "high") =>
        Of(session, "Objection", new ObjectionPayload { ProposalId = proposal, Reason = "no", Severity = severity });

    public static Envelope Vote(string session, string proposal = "p1", string vote = "APPROVE") =>
        Of(session, "Vote", new VotePayload { ProposalId = proposal, Vote = vote });

    public static CommitmentPayload CommitmentPayload() => new()
    {
        CommitmentId = "c1",
        Action = "decision.selected",
        AuthorityScope = "team",
        Reason = "agreed",
        ModeVersion = "1.0.0",
        ConfigurationVersion = "config.default",
        PolicyVersion = "policy.default",
        OutcomePositive = true,
    };

    public static Envelope Commitment(string session, Action<CommitmentPayload>? change = null, string? id = null)
    {
        var payload = CommitmentPayload();
        change?.Invoke(payload);
        return Of(session, "Commitment", payload, id);
    }

    public static Envelope With(this Envelope envelope, Action<Envelope> change)
    {
        change(envelope);
        return envelope;
    }
}
