using System.Collections.Immutable;

namespace Macp.Testing;

/// <summary>How far to explore a mode, and with what. Every value more multiplies the messages that are tried in each state.</summary>
public sealed record ExplorationOptions
{
    /// <summary>The declared participants.</summary>
    public IReadOnlyList<string> Participants { get; init; } = ["ada", "bob"];

    /// <summary>Who starts the session; need not be a participant.</summary>
    public string Initiator { get; init; } = "ada";

    /// <summary>Who else sends, without a right to.</summary>
    public IReadOnlyList<string> Outsiders { get; init; } = ["eve"];

    /// <summary>The ids that messages give to things, and refer to them by.</summary>
    public IReadOnlyList<string> Ids { get; init; } = ["a", "b"];

    /// <summary>The most messages after the start. States at this distance are visited and not gone on from.</summary>
    public int Depth { get; init; } = 8;

    /// <summary>The most states: a guard against exploding. <see cref="Exploration.HitMaxStates"/> tells when it stopped the exploration.</summary>
    public int MaxStates { get; init; } = 100_000;

    /// <summary>Who sends: the participants, the initiator and the outsiders.</summary>
    public IReadOnlyList<string> Senders => [.. Participants.Append(Initiator).Concat(Outsiders).Distinct()];

    internal ImmutableDictionary<string, ImmutableArray<object>> Chosen { get; init; } = ImmutableDictionary.Create<string, ImmutableArray<object>>(StringComparer.Ordinal);

    /// <summary>
    /// The same, with these values for a payload field in the place of the derived ones: the ids for text whose name ends in <c>_id</c>; nobody and
    /// the participants for text whose name ends in <c>_by</c>, <c>participant</c> or <c>assignee</c>; one word for any other text; both
    /// booleans; 0, 1 and 2; and nothing for what is repeated or nested.
    /// </summary>
    /// <param name="field">The field's name in the .proto file, alone or after a message type: <c>vote</c>, <c>Vote.reason</c>. The longer one wins.</param>
    /// <param name="values">Texts, numbers or booleans, as the field has them. None: messages with the field are not sent at all.</param>
    public ExplorationOptions Trying(string field, params IReadOnlyList<object> values) => this with { Chosen = Chosen.SetItem(field, [.. values]) };
}
