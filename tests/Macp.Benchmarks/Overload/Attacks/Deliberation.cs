using Google.Protobuf;
using Macp.Modes.Standard;
using Macp.Protocol;
using Macp.Wire.Modes.Decision.V1;
using Macp.Wire.V1;

namespace Macp.Benchmarks.Overload.Attacks;

/// <summary>A decision session in which its participants evaluate the one proposal for ever.</summary>
/// <param name="participants">Who takes part; the first starts it and proposes.</param>
sealed class Deliberation(params string[] participants)
{
    const string ProposalId = "proposal-1", Reason = "Meets the latency budget and the rollback plan is rehearsed.";

    readonly string _session = Guid.NewGuid().ToString();

    public string Session => _session;

    public Envelope Start() => Create(participants[0], MessageTypes.SessionStart, new SessionStartPayload
    {
        Intent = "load",
        Participants = { participants },
        ModeVersion = DecisionMode.Descriptor.Version,
        ConfigurationVersion = MacpProtocol.DefaultConfigurationVersion,
        TtlMs = 3_600_000,
    });

    public Envelope Proposal() => Create(participants[0], "Proposal", new ProposalPayload { ProposalId = ProposalId, Option = "deploy", Rationale = "load" });

    public Envelope Evaluation(string sender, string reason = Reason) =>
        Create(sender, "Evaluation", new EvaluationPayload { ProposalId = ProposalId, Recommendation = "APPROVE", Confidence = 0.9, Reason = reason });

    Envelope Create(string sender, string type, IMessage payload) => new()
    {
        MacpVersion = MacpProtocol.Version,
        Mode = DecisionMode.Descriptor.Identifier,
        MessageType = type,
        MessageId = Guid.NewGuid().ToString(),
        SessionId = _session,
        Sender = sender,
        TimestampUnixMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
        Payload = payload.ToByteString(),
    };
}
