using Macp.Wire.V1;

namespace Macp.Modes;

/// <summary>
/// What does not fit in a history that a runtime is said to have accepted: a second vote, an answer to what is settled. A projection reports it as
/// data and leaves its state as it was: the first stands.
/// </summary>
/// <param name="Kind">What kind it is, such as <c>duplicate_vote</c>; the mode's word, or one of this type's.</param>
/// <param name="Mode">The mode's identifier.</param>
/// <param name="MessageType">The message's type.</param>
/// <param name="MessageId">The message's id.</param>
/// <param name="Sender">Who sent it.</param>
/// <param name="SubjectId">What it is about: the id that the broken rule looked up; empty when there is none.</param>
/// <param name="Detail">A sentence for people.</param>
public sealed record Anomaly(string Kind, string Mode, string MessageType, string MessageId, string Sender, string SubjectId, string Detail)
{
    /// <summary>A message after the commitment.</summary>
    public const string AfterCommitment = "after_commitment";

    /// <summary>A payload that cannot be read, or a type that the mode does not have.</summary>
    public const string Unreadable = "unreadable_message";

    /// <summary>A second start.</summary>
    public const string SecondStart = "second_start";

    /// <summary>A message outside its phases.</summary>
    public const string WrongPhase = "wrong_phase";

    /// <summary>A reference to nothing.</summary>
    public const string UnknownReference = "unknown_reference";

    /// <summary>A reference to an entry that is no longer what it must be.</summary>
    public const string StaleReference = "stale_reference";

    /// <summary>An id that was taken already.</summary>
    public const string DuplicateId = "duplicate_id";

    /// <summary>A second message of a type that a session takes once.</summary>
    public const string DuplicateMessage = "duplicate_message";

    /// <summary>A sender's second answer.</summary>
    public const string DuplicateAnswer = "duplicate_answer";

    /// <summary>A message that a rule would have refused.</summary>
    /// <param name="kind">What kind of anomaly that is.</param>
    /// <param name="session">The session.</param>
    /// <param name="message">The message.</param>
    /// <param name="subjectId">The id that the rule looked up.</param>
    /// <param name="broken">The rule's refusal.</param>
    public static Anomaly Of(string kind, SessionContext session, in MessageContext message, string subjectId, Rejection broken) =>
        new(kind, session.Mode, message.Type, message.MessageId, message.Sender, subjectId, broken.Reason);

    internal static Anomaly Of(string kind, Envelope envelope, string detail) =>
        new(kind, envelope.Mode, envelope.MessageType, envelope.MessageId, envelope.Sender, "", detail);
}
