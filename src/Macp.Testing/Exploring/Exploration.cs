using System.Text;
using Google.Protobuf;
using Macp.Protocol;

namespace Macp.Testing;

/// <summary>What an exploration found.</summary>
public sealed record Exploration
{
    /// <summary>How many states were visited: two are one when they have the same canonical JSON, phase and outlook.</summary>
    public required int States { get; init; }

    /// <summary>How many times a message was accepted, some of them without an effect.</summary>
    public required int Transitions { get; init; }

    /// <summary>How many states were not gone on from, being at the depth bound or left over when the most states were visited.</summary>
    public required int UnexploredStates { get; init; }

    /// <summary>Whether <see cref="ExplorationOptions.MaxStates"/> ended the exploration; what was not found may then exist.</summary>
    public required bool HitMaxStates { get; init; }

    /// <summary>How many times each type was accepted. A type that is missing never was.</summary>
    public required IReadOnlyDictionary<string, int> Accepted { get; init; }

    /// <summary>How many times a message was refused, by code.</summary>
    public required IReadOnlyDictionary<ErrorCode, int> Refused { get; init; }

    /// <summary>The phases that were reached, in the order of their declaration.</summary>
    public required IReadOnlyList<string> Phases { get; init; }

    /// <summary>The declared phases that were not reached.</summary>
    public required IReadOnlyList<string> UnreachedPhases { get; init; }

    /// <summary>A shortest way to a commitment with a positive outcome, which it ends with; null when there is none within the bounds.</summary>
    public required IReadOnlyList<ExploredMessage>? ToPositiveOutcome { get; init; }

    /// <summary>A shortest way to a commitment with a negative outcome; null when there is none within the bounds.</summary>
    public required IReadOnlyList<ExploredMessage>? ToNegativeOutcome { get; init; }

    /// <summary>A shortest way to a message that was accepted although the session was committed; null when, as it must be, there is none.</summary>
    public required IReadOnlyList<ExploredMessage>? PastCommitment { get; init; }

    /// <summary>
    /// Where a session enters the states that no commitment can follow, whatever is sent of what is tried; an unexplored state counts as one that a
    /// commitment can follow. The states behind an entrance are not listed.
    /// </summary>
    public required IReadOnlyList<DeadEnd> DeadEnds { get; init; }

    /// <summary>How many states no commitment can follow, those behind the entrances included.</summary>
    public required int DeadStates { get; init; }

    /// <summary>The numbers, on one line for a test's output.</summary>
    public override string ToString()
    {
        var text = new StringBuilder($"{States} states, {Transitions} transitions, {UnexploredStates} states unexplored, {DeadStates} dead behind {DeadEnds.Count} dead ends");
        if (HitMaxStates) text.Append(", stopped at the most states");
        text.Append($"; accepted: {string.Join(", ", Accepted.Select(entry => $"{entry.Key} {entry.Value}"))}");
        return text.Append($"; refused: {string.Join(", ", Refused.Select(entry => $"{entry.Key.Value} {entry.Value}"))}").ToString();
    }
}

/// <summary>A state that no commitment can follow, although one could have followed the state before it.</summary>
/// <param name="Path">A shortest way there; empty when the session starts in it.</param>
/// <param name="Phase">Its phase.</param>
/// <param name="State">The state as canonical JSON.</param>
public sealed record DeadEnd(IReadOnlyList<ExploredMessage> Path, string Phase, string State)
{
    /// <summary>The way there.</summary>
    public override string ToString() => $"{Phase} after {(Path.Count == 0 ? "the start" : string.Join(", ", Path))}";
}

/// <summary>A message of an exploration.</summary>
public sealed class ExploredMessage
{
    internal ExploredMessage(string type, string sender, IMessage payload) => (Type, Sender, Payload, Bytes) = (type, sender, payload, payload.ToByteString());

    /// <summary>Its type.</summary>
    public string Type { get; }

    /// <summary>Who sends it.</summary>
    public string Sender { get; }

    /// <summary>Its payload; not to be changed.</summary>
    public IMessage Payload { get; }

    /// <summary>The payload as it travels.</summary>
    public ByteString Bytes { get; }

    /// <summary>The id of a message that came due, which the runtime wrote; null for one that was sent.</summary>
    public string? DueId { get; internal init; }

    /// <summary>Type, sender and payload.</summary>
    public override string ToString() => $"{Type} of {Sender} {JsonFormatter.Default.Format(Payload)}";
}
