using Google.Protobuf;
using Macp.Modes.Standard;
using Macp.Protocol;
using Macp.Wire.Modes.Decision.V1;
using Macp.Wire.V1;

namespace Macp.Benchmarks.Sessions;

/// <summary>Messages of decision sessions, as agents send them: one start, one proposal, then as many evaluations or votes as are asked for.</summary>
static class Traffic
{
    const string ProposalId = "proposal-1";

    static readonly ByteString EvaluationBytes = new EvaluationPayload
    {
        ProposalId = ProposalId,
        Recommendation = "APPROVE",
        Confidence = 0.9,
        Reason = "Meets the latency budget and the rollback plan is rehearsed.",
    }.ToByteString();

    static readonly ByteString VoteBytes = new VotePayload { ProposalId = ProposalId, Vote = "APPROVE", Reason = "The rollback plan is rehearsed." }.ToByteString();

    public static Envelope Start(string session, int participants = 3) => Create(session, 0, MessageTypes.SessionStart, "p0", new SessionStartPayload
    {
        Intent = "load",
        Participants = { Enumerable.Range(0, participants).Select(static i => $"p{i}") },
        ModeVersion = DecisionMode.Descriptor.Version,
        ConfigurationVersion = MacpProtocol.DefaultConfigurationVersion,
        TtlMs = 3_600_000,
    }.ToByteString());

    public static Envelope Proposal(string session) => Create(session, 1, "Proposal", "p0",
        new ProposalPayload { ProposalId = ProposalId, Option = "deploy", Rationale = "load" }.ToByteString());

    /// <summary>The evaluation of this number; three participants take turns.</summary>
    public static Envelope Evaluation(string session, int number) => Create(session, 2 + number, "Evaluation", $"p{number % 3}", EvaluationBytes);

    /// <summary>The vote of the participant of this number.</summary>
    public static Envelope Vote(string session, int number) => Create(session, 2 + number, "Vote", $"p{number}", VoteBytes);

    /// <summary>The message that ends a session.</summary>
    public static Envelope Commitment(string session) => Create(session, 1_000_000, MessageTypes.Commitment, "p0", new CommitmentPayload
    {
        CommitmentId = "c1",
        Action = "decision.selected",
        AuthorityScope = "load",
        Reason = "all agree",
        ModeVersion = DecisionMode.Descriptor.Version,
        ConfigurationVersion = MacpProtocol.DefaultConfigurationVersion,
        PolicyVersion = MacpProtocol.DefaultPolicyVersion,
        OutcomePositive = true,
    }.ToByteString());

    /// <summary>The first messages of a session behind its start: a proposal and what follows it.</summary>
    public static IEnumerable<Envelope> Opening(string session, int messages, Func<string, int, Envelope> following) =>
        Enumerable.Range(0, messages - 1).Select(number => following(session, number)).Prepend(Proposal(session));

    static Envelope Create(string session, int index, string type, string sender, ByteString payload) => new()
    {
        MacpVersion = MacpProtocol.Version,
        Mode = DecisionMode.Descriptor.Identifier,
        MessageType = type,
        MessageId = $"{index:x8}-8a0f-4b6e-9d6c-3f1f6e0c5a21",
        SessionId = session,
        Sender = sender,
        TimestampUnixMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
        Payload = payload,
    };
}
