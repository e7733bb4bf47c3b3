using System.Collections.Concurrent;
using Macp.Modes;
using Macp.Protocol;

namespace Macp.Runtime;

/// <summary>
/// Decides histories again, with the versions, the policy and the acceptance times that are bound in them: neither the clock nor a registry is asked.
/// What a host sets and no history binds is not asked either: rates, sizes, the number of open sessions, how far ahead a start's timestamp may be. Safe for threads.
/// </summary>
/// <param name="modes">The modes whose rules decide, each in its own version.</param>
public sealed class SessionReplay(ModeCatalog modes)
{
    readonly ConcurrentDictionary<(string Identifier, string Version), KernelMode> _modes =
        new(modes.All.Select(KernelMode.Of).Select(mode => KeyValuePair.Create((mode.Identifier, mode.Version), mode)));

    /// <summary>
    /// Takes in a change of the registries, in the order in which they were made: sessions of modes that were registered by their descriptor can be decided from
    /// then on. A mode of an identifier and version means the same for ever, so that it matters to no session what was unregistered when.
    /// </summary>
    public void Take(RegistryChange change)
    {
        if (change is ModeRegistered registered) Add(KernelMode.Of(registered.Descriptor));
        if (change is ModePromoted { NewMode.Length: > 0 } promoted)
            foreach (var mode in _modes.Values.Where(mode => mode.Identifier == promoted.Mode).ToList()) Add(mode.Named(promoted.NewMode));
    }

    void Add(KernelMode mode) => _modes.TryAdd((mode.Identifier, mode.Version), mode);

    /// <summary>Decides the history of one session again. What differs is taken as it was recorded, so that one difference does not hide the next.</summary>
    /// <param name="history">The session's records from its start on, as many as there are.</param>
    public ReplayOutcome Decide(IReadOnlyList<HistoryRecord> history)
    {
        if (history is not [{ Kind: RecordKind.Sent, MessageType: MessageTypes.SessionStart, Binding: { } binding } start, ..])
            return Undecidable("the history does not begin with a start");
        if (binding.SemanticsRevision != SessionBinding.CurrentRevision)
            return Undecidable($"the session was accepted under revision {binding.SemanticsRevision} of the semantics, which is not known here");
        if (!_modes.TryGetValue((start.Mode, binding.ModeVersion), out var mode))
            return Undecidable($"{start.Mode} is not hosted here in version {binding.ModeVersion}");
        return Decide(history, start, mode);
    }

    static ReplayOutcome Decide(IReadOnlyList<HistoryRecord> history, HistoryRecord start, KernelMode mode)
    {
        var differences = new Differences();
        var judged = start;
        int messages = 1;
        try
        {
            if (StartReplay.Open(start, mode, differences, out string? undecided) is { } fold)
            {
                var replay = new RecordReplay(fold, differences);
                foreach (var record in history.Skip(1))
                {
                    judged = record;
                    differences.Position++;
                    if (!record.IsAnnotation) messages++;
                    undecided = replay.Follow(record);
                    if (undecided is not null) break;
                }
            }
            return new(messages, differences.Found, undecided);
        }
        catch (Exception e)
        {
            // The mode broke its contract: what it would do next nobody knows.
            differences.Broken(judged, e);
            return new(messages, differences.Found, "the mode is broken");
        }
    }

    static ReplayOutcome Undecidable(string why) => new(0, [], why);
}
