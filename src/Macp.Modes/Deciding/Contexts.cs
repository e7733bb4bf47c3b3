using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Modes;

/// <summary>What is known of a message besides its payload. There is no time in it: a client cannot know when a message was accepted.</summary>
/// <param name="Type">The message type.</param>
/// <param name="Sender">The authenticated sender.</param>
/// <param name="MessageId">The message's id, unique in its session.</param>
public readonly record struct MessageContext(string Type, string Sender, string MessageId)
{
    /// <summary>Whether the runtime wrote this message itself; then it may set reserved fields.</summary>
    public bool IsFromRuntime { get; init; }

    /// <summary>The context of an envelope as it stands in a history. Ids of messages that came due are the runtime's alone (decisions 4).</summary>
    public static MessageContext Of(Envelope envelope) => new(envelope.MessageType, envelope.Sender, envelope.MessageId)
    {
        IsFromRuntime = envelope.MessageId.StartsWith(MacpProtocol.ImplicitAcceptPrefix, StringComparison.Ordinal),
    };
}

/// <summary>What a session's start bound, for its whole life.</summary>
public sealed class SessionContext
{
    // So many are looked along as fast as looked up.
    const int FewParticipants = 8;

    readonly string[] _participants;
    readonly HashSet<string>? _manyParticipants;

    /// <summary>A session as an accepted start declares it.</summary>
    /// <param name="envelope">The <c>SessionStart</c>; its sender is the initiator.</param>
    /// <param name="start">Its payload.</param>
    /// <param name="policy">What governs the session; null for the policy that the start names, with the mode's default rules.</param>
    public SessionContext(Envelope envelope, SessionStartPayload start, PolicyBinding? policy = null)
    {
        SessionId = envelope.SessionId;
        Mode = envelope.Mode;
        Initiator = envelope.Sender;
        _participants = [.. start.Participants];
        Participants = Array.AsReadOnly(_participants);
        _manyParticipants = _participants.Length > FewParticipants ? new(_participants, StringComparer.Ordinal) : null;
        ModeVersion = start.ModeVersion;
        ConfigurationVersion = start.ConfigurationVersion;
        Policy = policy ?? new PolicyBinding(start.PolicyVersion is "" ? MacpProtocol.DefaultPolicyVersion : start.PolicyVersion);
    }

    SessionContext(SessionContext session, PolicyBinding policy)
    {
        (SessionId, Mode, Initiator) = (session.SessionId, session.Mode, session.Initiator);
        (Participants, _participants, _manyParticipants) = (session.Participants, session._participants, session._manyParticipants);
        (ModeVersion, ConfigurationVersion, Policy) = (session.ModeVersion, session.ConfigurationVersion, policy);
    }

    /// <summary>The session's id.</summary>
    public string SessionId { get; }

    /// <summary>The mode's identifier.</summary>
    public string Mode { get; }

    /// <summary>Who started the session. The initiator is not a participant unless it is declared.</summary>
    public string Initiator { get; }

    /// <summary>The declared participants, in the order of the start.</summary>
    public IReadOnlyList<string> Participants { get; }

    /// <summary>The bound mode version.</summary>
    public string ModeVersion { get; }

    /// <summary>The bound configuration version.</summary>
    public string ConfigurationVersion { get; }

    /// <summary>What governs the session.</summary>
    public PolicyBinding Policy { get; }

    /// <summary>This session, with what its policy rules.</summary>
    internal SessionContext Under(PolicyBinding policy) => new(this, policy);

    /// <summary>Whether this is a declared participant: an exact comparison.</summary>
    public bool IsParticipant(string name) => _manyParticipants?.Contains(name) ?? Array.IndexOf(_participants, name) >= 0;

    /// <summary>Whether this sender may commit, as the policy rules it.</summary>
    public bool MayCommit(string sender) => Policy.Commitment.Permits(sender, this);
}

/// <summary>A message that comes due.</summary>
/// <param name="Type">Its message type.</param>
/// <param name="Sender">In whose name it is appended.</param>
/// <param name="MessageId">Its id, the same in every replay.</param>
/// <param name="Delay">How long after acceptance, suspension not counted.</param>
/// <param name="Payload">Its payload.</param>
public sealed record DueMessage(string Type, string Sender, string MessageId, TimeSpan Delay, Google.Protobuf.IMessage Payload);
