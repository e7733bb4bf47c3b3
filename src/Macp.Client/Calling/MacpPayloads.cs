using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>
/// Makes the payloads of the protocol's own messages, for whoever sends envelopes of its own making. The same arguments always make the same bytes, extensions in
/// the order of their keys; only a commitment without an id gets a new one. A mode's own payloads are the classes of its .proto file.
/// </summary>
public static class MacpPayloads
{
    /// <summary>The payload of a <c>SessionStart</c>.</summary>
    /// <exception cref="MacpSessionException">The context is given twice.</exception>
    public static SessionStartPayload SessionStart(
        SessionStartOptions start, string modeVersion = MacpProtocol.DefaultModeVersion, string configurationVersion = MacpProtocol.DefaultConfigurationVersion,
        string policyVersion = MacpProtocol.DefaultPolicyVersion)
    {
        ArgumentNullException.ThrowIfNull(start);
        return start.ToPayload(modeVersion, configurationVersion, policyVersion);
    }

    /// <summary>The payload of a <c>Commitment</c>: the versions must be the session's; an empty policy stands for whatever is bound.</summary>
    public static CommitmentPayload Commitment(
        CommitOptions commitment, string modeVersion = MacpProtocol.DefaultModeVersion, string configurationVersion = MacpProtocol.DefaultConfigurationVersion,
        string policyVersion = MacpProtocol.DefaultPolicyVersion)
    {
        ArgumentNullException.ThrowIfNull(commitment);
        return commitment.ToPayload(modeVersion, configurationVersion, policyVersion);
    }

    /// <summary>The payload of a <c>Signal</c>.</summary>
    public static SignalPayload Signal(MacpSignal signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return signal.ToPayload();
    }

    /// <summary>The payload of a <c>Progress</c>; its session and mode travel in the envelope.</summary>
    public static ProgressPayload Progress(MacpProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        return progress.ToPayload();
    }

    /// <summary>A root that a session is about.</summary>
    public static Root Root(string uri, string name = "") => new() { Uri = uri, Name = name };

    /// <summary>The name of a commitment that another one replaces.</summary>
    /// <param name="sessionId">The session it was made in.</param>
    /// <param name="commitmentHash">Its canonical hash; <see cref="CommitmentHash.Compute"/> tells it.</param>
    public static CommitmentRef CommitmentRef(string sessionId, string commitmentHash) => new() { SessionId = sessionId, CommitmentHash = commitmentHash };
}
