using Macp.Modes;

namespace Macp.Runtime;

/// <summary>Something in a history that would be decided differently now.</summary>
/// <param name="Kind">What differs.</param>
/// <param name="Position">Where in the history, annotations included, from 0; of what is missing, where it would stand.</param>
/// <param name="Ordinal">The number of the message; of an annotation that of the message it follows.</param>
/// <param name="MessageType">The message type.</param>
/// <param name="MessageId">The message's id.</param>
/// <param name="Recorded">What the history says, in words; times are in Unix milliseconds.</param>
/// <param name="Decided">What would be decided now, in words.</param>
public sealed record ReplayDifference(
    ReplayDifferenceKind Kind, int Position, long Ordinal, string MessageType, string MessageId, string Recorded, string Decided)
{
    /// <summary>Why it would be refused; null when that is not what differs.</summary>
    public Rejection? Rejection { get; init; }
}

/// <summary>In what a history and a decision differ.</summary>
public enum ReplayDifferenceKind
{
    /// <summary>What stands in the history would be refused.</summary>
    Refused,

    /// <summary>What came due in the history would not come due.</summary>
    NotDue,

    /// <summary>What does not stand in the history would have come due before this place.</summary>
    Missing,

    /// <summary>It would be written too, and otherwise: at another time, with another id, content or bound value.</summary>
    Otherwise,

    /// <summary>The mode throws. Unless it does so on what comes due, the session is not decided further.</summary>
    Broken,
}
