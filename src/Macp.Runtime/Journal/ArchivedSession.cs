using Macp.Wire.V1;
using EventType = Macp.Wire.V1.SessionLifecycleEvent.Types.EventType;

namespace Macp.Runtime;

/// <summary>A session as a journal on a disk has it. Nothing is folded: what its messages come to in its mode is not known here.</summary>
/// <param name="SessionId">Its id.</param>
/// <param name="Mode">Its mode.</param>
/// <param name="State">Its state, by the last record that changes it. One that came due since its last record has not ended here.</param>
/// <param name="Records">Its history, from its start on, which has what was bound.</param>
/// <param name="IsWhole">Whether that is all that was acknowledged; else damage took records of it, or may have.</param>
public sealed record ArchivedSession(string SessionId, string Mode, SessionState State, IReadOnlyList<HistoryRecord> Records, bool IsWhole)
{
    /// <summary>Its start.</summary>
    public HistoryRecord Start => Records[0];

    internal static ArchivedSession Of(StoredSession stored)
    {
        var start = stored.Records[0];
        var state = LifecycleEvent.StateAfter(stored.Records.Select(LifecycleEvent.TypeOf).OfType<EventType>().Last());
        return new(start.SessionId, start.Mode, state, stored.Records, !stored.IsReadOnly);
    }
}
