using Macp.Modes.Generators.Models;

namespace Macp.Modes.Generators.Emitting;

/// <summary>Where the messages of a mode move its phase.</summary>
internal static class PhaseGraph
{
    /// <summary>
    /// The phases from which no message leads to one that takes this message: in them it is refused for good. A committed session takes none. Where
    /// the phase is computed nobody knows what leads where, and where other code may set it not even whether it stays committed.
    /// </summary>
    public static IReadOnlyList<string> Closed(ModeModel mode, MessageModel message)
    {
        if (mode.Phases.MayBeSet) return [];
        string committed = mode.Phases.Committed;
        if (mode.Phases.Computed is not null) return [committed];

        var open = new HashSet<string>(mode.Phases.Names.Where(phase => phase != committed && IsTaken(message, phase)), StringComparer.Ordinal);
        while (mode.Phases.Names.Any(phase => phase != committed && mode.Messages.Any(m => LeadsToOpen(m, phase)) && open.Add(phase))) { }
        return [.. mode.Phases.Names.Where(phase => !open.Contains(phase))];

        bool LeadsToOpen(MessageModel other, string phase) => IsTaken(other, phase) && other.MovesTo is { } next && open.Contains(next);
    }

    static bool IsTaken(MessageModel message, string phase) => message.During.Count == 0 || message.During.Contains(phase);
}
