using System.Globalization;
using Macp.Client;
using Macp.Wire.V1;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Macp.Cli.Live;

/// <summary>What a dashboard shows: the open sessions, and the last few that have ended. Everything in it is text of others, and none of it is markup.</summary>
sealed class SessionBoard
{
    const int FinishedShown = 5;

    // Head, frames, and the list of those that have ended.
    const int LinesBesides = 9 + FinishedShown;

    static readonly string[] Head = ["SESSION", "MODE", "INITIATOR", "PARTICIPANTS", "STATE", "AGE", "LEFT", "LAST EVENT"];

    readonly SortedDictionary<string, SessionChange> _open = new(StringComparer.Ordinal);
    readonly Queue<SessionChange> _finished = new();
    int _ended;

    /// <summary>Something happened to a session.</summary>
    public void Take(SessionChange change)
    {
        if (!change.IsTerminal)
        {
            _open[change.Session.SessionId] = change;
            return;
        }
        _open.Remove(change.Session.SessionId);
        _ended++;
        _finished.Enqueue(change);
        if (_finished.Count > FinishedShown) _finished.Dequeue();
    }

    /// <summary>How it stands at this time, in so many lines.</summary>
    public IRenderable Render(DateTimeOffset now, int height)
    {
        int room = Math.Max(1, height - LinesBesides);
        var table = new Spectre.Console.Table().Border(TableBorder.Rounded).Expand();
        foreach (string column in Head) table.AddColumn(new TableColumn(new Text(column)));
        // Those that started last: who watches looks for what is new.
        foreach (var change in _open.Values.OrderByDescending(change => change.Session.StartedAt).Take(room)) table.AddRow(Row(change, now));
        string hidden = _open.Count > room ? $", {_open.Count - room} of them not shown" : "";
        return new Rows([
            new Text($"{_open.Count} open{hidden}, {_ended} ended since the watch began; Ctrl-C ends it"),
            table,
            .. _finished.Reverse().Select(change => Plain($"{Moment.Of(change.ObservedAt)}  {change.Type,-9}  {change.Session.SessionId}  {change.Session.Mode}  {change.Session.Initiator}", Style.Plain.Foreground(Color.Grey))),
        ]);
    }

    static IEnumerable<IRenderable> Row(SessionChange change, DateTimeOffset now)
    {
        var session = change.Session;
        bool isSuspended = session.State is SessionState.Suspended;
        return
        [
            Plain(session.SessionId), Plain(session.Mode), Plain(session.Initiator), Plain(SessionText.Few(session.Participants)),
            Plain(session.State.ToString(), Style.Plain.Foreground(isSuspended ? Color.Yellow : Color.Green)),
            // The time of a suspended session stands still.
            Plain(Span(now - session.StartedAt)), Plain(isSuspended ? "-" : Span(session.ExpiresAt - now)),
            Plain($"{change.Type} {Span(now - change.ObservedAt)} ago"),
        ];
    }

    static Text Plain(string text, Style? style = null) => new(PlainText.Of(text), style);

    // The runtime's clock and this one may differ.
    static string Span(TimeSpan? span) => span switch
    {
        null => "-",
        { Ticks: < 0 } => "0s",
        { TotalHours: >= 1 } s => string.Create(CultureInfo.InvariantCulture, $"{(long)s.TotalHours}h {s.Minutes}m"),
        { TotalMinutes: >= 1 } s => string.Create(CultureInfo.InvariantCulture, $"{s.Minutes}m {s.Seconds}s"),
        { } s => string.Create(CultureInfo.InvariantCulture, $"{s.Seconds}s"),
    };
}
