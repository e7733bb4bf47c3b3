using System.Globalization;
using Macp.Client;

namespace Macp.Cli.Live;

/// <summary>Sessions, for people.</summary>
static class SessionText
{
    // More names than these would push what follows out of sight.
    const int NamesInARow = 4;

    public static readonly string[] Head = ["SESSION", "MODE", "STATE", "INITIATOR", "PARTICIPANTS", "STARTED", "EXPIRES"];

    public static string[] Row(SessionInfo session) =>
        [session.SessionId, session.Mode, session.State.ToString(), session.Initiator, Few(session.Participants), Moment.Of(session.StartedAt), Moment.Of(session.ExpiresAt)];

    /// <summary>Everything that is told of it.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="session">The session.</param>
    /// <param name="rest">What else is known of it.</param>
    public static void Write(TextWriter output, SessionInfo session, params string[][] rest)
    {
        Table.Write(output, null,
        [
            ["session", session.SessionId],
            ["mode", $"{session.Mode} {session.ModeVersion}"],
            ["state", session.State.ToString()],
            ["initiator", session.Initiator],
            ["participants", All(session.Participants)],
            ["started", Moment.Of(session.StartedAt)],
            ["expires", Moment.Of(session.ExpiresAt)],
            ["configuration", session.ConfigurationVersion],
            ["policy", session.PolicyVersion],
            ["context", session.ContextId.Length == 0 ? "-" : session.ContextId],
            ["extensions", All(session.ExtensionKeys)],
            .. rest,
        ]);
        if (session.Activity.Count == 0) return;
        output.WriteLine();
        Table.Write(output, ["SENDER", "MESSAGES", "LAST"],
            session.Activity.Select(a => new[] { a.ParticipantId, a.MessageCount.ToString(CultureInfo.InvariantCulture), Moment.Of(a.LastMessageAt) }));
    }

    static string All(IReadOnlyList<string> names) => names.Count == 0 ? "-" : string.Join(", ", names);

    /// <summary>The names, or the first of them where they are many.</summary>
    public static string Few(IReadOnlyList<string> names) =>
        names.Count <= NamesInARow ? All(names) : $"{string.Join(", ", names.Take(NamesInARow - 1))} and {names.Count - NamesInARow + 1} more";
}
