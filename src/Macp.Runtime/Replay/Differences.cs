using Macp.Modes;

namespace Macp.Runtime;

/// <summary>The differences found so far in the history of one session, and where in it they are looked for.</summary>
sealed class Differences
{
    // A payload may be long, and what is altered in it is not what a difference is for.
    const int Longest = 64;

    readonly List<ReplayDifference> _found = [];

    public IReadOnlyList<ReplayDifference> Found => _found;

    /// <summary>The position of the record that is judged now.</summary>
    public int Position { get; set; }

    public void Refused(HistoryRecord record, Rejection rejection) =>
        Add(ReplayDifferenceKind.Refused, record, Tell(record), $"{rejection.Code.Value}: {rejection.Reason}", rejection);

    public void NotDue(HistoryRecord record, string reason) => Add(ReplayDifferenceKind.NotDue, record, Tell(record), reason);

    public void Missing(HistoryRecord expected) => Add(ReplayDifferenceKind.Missing, expected, "nothing", $"{Tell(expected)}, before what stands here");

    public void Broken(HistoryRecord judged, Exception fault) => Add(ReplayDifferenceKind.Broken, judged, Tell(judged), $"{fault.GetType().Name}: {fault.Message}");

    /// <summary>Compares what stands in a record with what would stand there.</summary>
    public void Compare(HistoryRecord record, params ReadOnlySpan<(string Field, string Recorded, string Decided)> fields)
    {
        var (recorded, decided) = (new List<string>(), new List<string>());
        foreach (var (field, before, now) in fields)
        {
            if (before == now) continue;
            recorded.Add($"{field} {Short(before)}");
            decided.Add($"{field} {Short(now)}");
        }
        if (recorded.Count > 0) Add(ReplayDifferenceKind.Otherwise, record, string.Join(", ", recorded), string.Join(", ", decided));
    }

    void Add(ReplayDifferenceKind kind, HistoryRecord record, string recorded, string decided, Rejection? rejection = null) =>
        _found.Add(new(kind, Position, record.Ordinal, record.MessageType, record.MessageId, recorded, decided) { Rejection = rejection });

    static string Short(string value) => value.Length <= Longest ? value : value[..Longest] + "...";

    static string Tell(HistoryRecord record) => record.Kind switch
    {
        RecordKind.Sent => $"accepted at {record.AcceptedAtUnixMs}",
        RecordKind.CameDue => $"came due at {record.AcceptedAtUnixMs}",
        _ => $"written at {record.AcceptedAtUnixMs}",
    };
}
