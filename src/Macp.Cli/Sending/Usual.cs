using Google.Protobuf;
using Macp.Client;
using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Cli.Sending;

/// <summary>What a payload of the protocol's own says where the command line is silent, and what is checked of it before it is sent.</summary>
static class Usual
{
    /// <summary>Fills in versions, ids and the sign of an outcome.</summary>
    /// <param name="draft">The payload.</param>
    /// <param name="mode">The session's mode; null where it is not hosted here.</param>
    /// <param name="session">The session; null where it was not asked for.</param>
    public static void Complete(PayloadDraft draft, HostedMode? mode, SessionInfo? session)
    {
        if (draft.Message is SessionStartPayload start)
        {
            if (!draft.Says("mode_version")) start.ModeVersion = mode?.Descriptor.Version ?? MacpProtocol.DefaultModeVersion;
            if (!draft.Says("configuration_version")) start.ConfigurationVersion = MacpProtocol.DefaultConfigurationVersion;
            if (!draft.Says("policy_version")) start.PolicyVersion = MacpProtocol.DefaultPolicyVersion;
        }
        else if (draft.Message is CommitmentPayload commitment)
        {
            if (!draft.Says("commitment_id")) commitment.CommitmentId = CommitmentIds.New();
            if (!draft.Says("mode_version")) commitment.ModeVersion = session?.ModeVersion ?? "";
            if (!draft.Says("configuration_version")) commitment.ConfigurationVersion = session?.ConfigurationVersion ?? "";
            if (!draft.Says("policy_version")) commitment.PolicyVersion = session?.PolicyVersion ?? "";
            if (!draft.Says("outcome_positive")) commitment.OutcomePositive = CommitmentRules.SignOf(commitment.Action) ?? true;
        }
    }

    /// <summary>What the runtime would refuse for its form alone; null when nothing.</summary>
    public static Rejection? Check(Envelope envelope, IMessage payload, HostedMode? mode) =>
        MacpValidation.MessageId(envelope.MessageId) ?? MacpValidation.PayloadSize(envelope.Payload.Length) ?? payload switch
        {
            SessionStartPayload start => MacpValidation.SessionId(envelope.SessionId) ?? MacpValidation.SessionStart(start, mode?.Descriptor.MinimumParticipants ?? 0),
            CommitmentPayload commitment => MacpValidation.Commitment(commitment),
            SignalPayload signal => MacpValidation.Signal(signal),
            ProgressPayload progress => MacpValidation.Progress(progress, envelope.SessionId, envelope.Mode),
            _ => null,
        };
}
