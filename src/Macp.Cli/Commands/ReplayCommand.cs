using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Macp.Cli.Journals;
using Macp.Cli.Live;
using Macp.Runtime;

namespace Macp.Cli.Commands;

/// <summary><c>macp replay</c>: decides the histories of a data folder again, and tells what would be decided differently.</summary>
static class ReplayCommand
{
    public static Command Create(CommandContext context)
    {
        var folder = new Argument<string>("FOLDER") { Description = "The folder in which a runtime keeps, or kept, its histories." }.RefuseOptions();
        var session = new Option<string?>("--session") { Description = "Decides this session only.", HelpName = "ID" };
        var json = new Option<bool>("--json") { Description = "Prints a JSON object a line, for each session." };
        var command = new Command("replay", "Decides stored histories again, by the modes that are hosted here, and tells the differences.") { folder, session, json };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(context, parsed.GetValue(folder)!, parsed.GetValue(session), parsed.GetValue(json), cancellationToken));
        return command;
    }

    static async Task<int> RunAsync(CommandContext context, string folder, string? only, bool json, CancellationToken cancellationToken)
    {
        var (replay, count) = (new SessionReplay(context.Modes), new Count());
        int changes = 0;
        try
        {
            var archive = JournalAccess.Use(() => JournalArchive.Open(folder));
            foreach (var session in JournalAccess.Sessions(archive).Where(session => only is null || session.SessionId == only))
            {
                cancellationToken.ThrowIfCancellationRequested();
                for (; changes < archive.Changes.Count; changes++) replay.Take(archive.Changes[changes]);
                var outcome = replay.Decide(session.Records);
                count.Add(outcome);
                await (json ? context.Output.RawLineAsync(JsonOf(session, outcome)) : TellAsync(context.Output, session, outcome)).ConfigureAwait(false);
            }
            if (only is not null && count.Sessions == 0) context.Warn($"there is no session '{only}' in this journal");
            else if (!json) await context.Output.LineAsync(count.ToString()).ConfigureAwait(false);
            if (JournalAccess.DamageOf(archive.Faults) is { } damage) return context.Fail(ExitStatus.Failed, damage);
            return count.IsWell && (only is null || count.Sessions > 0) ? ExitStatus.Well : ExitStatus.Failed;
        }
        catch (UnusableJournalException e)
        {
            return context.Fail(ExitStatus.Unusable, e.Message);
        }
    }

    static async Task TellAsync(TextWriter output, ArchivedSession session, ReplayOutcome outcome)
    {
        foreach (var found in outcome.Differences)
            await output.LineAsync(session.SessionId, Text(found.Ordinal), found.MessageType, found.MessageId, $"{found.Recorded}; now {found.Decided}").ConfigureAwait(false);
        if (outcome.Undecided is { } reason)
            await output.LineAsync(session.SessionId, $"cannot be decided{(outcome.Messages > 0 ? " further" : "")}: {reason}").ConfigureAwait(false);
        if (!session.IsWhole) await output.LineAsync(session.SessionId, "is not whole: damage took records of it, or may have").ConfigureAwait(false);
    }

    static string JsonOf(ArchivedSession session, ReplayOutcome outcome) => new JsonObject
    {
        ["session_id"] = session.SessionId,
        ["mode"] = session.Mode,
        ["mode_version"] = session.Start.Binding?.ModeVersion,
        ["whole"] = session.IsWhole,
        ["messages"] = outcome.Messages,
        ["undecided"] = outcome.Undecided,
        ["differences"] = new JsonArray([.. outcome.Differences.Select(found => new JsonObject
        {
            ["kind"] = NameOf(found.Kind),
            ["position"] = found.Position,
            ["ordinal"] = found.Ordinal,
            ["message_type"] = found.MessageType,
            ["message_id"] = found.MessageId,
            ["recorded"] = found.Recorded,
            ["decided"] = found.Decided,
            ["code"] = found.Rejection?.Code.Value,
            ["reason"] = found.Rejection?.Reason,
        })]),
    }.ToJsonString();

    static string NameOf(ReplayDifferenceKind kind) => kind switch
    {
        ReplayDifferenceKind.Refused => "REFUSED",
        ReplayDifferenceKind.NotDue => "NOT_DUE",
        ReplayDifferenceKind.Missing => "MISSING",
        ReplayDifferenceKind.Otherwise => "OTHERWISE",
        _ => "BROKEN",
    };

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    sealed class Count
    {
        long _messages, _differences, _undecided;

        public long Sessions { get; private set; }

        public bool IsWell => _differences == 0;

        public void Add(ReplayOutcome outcome)
        {
            Sessions++;
            _messages += outcome.Messages;
            _differences += outcome.Differences.Count;
            _undecided += outcome.Undecided is null ? 0 : 1;
        }

        public override string ToString() =>
            $"{Several(Sessions, "session")}, {Several(_messages, "message")}, {Several(_differences, "difference")}, {_undecided} cannot be decided";

        static string Several(long count, string thing) => $"{count} {thing}{(count == 1 ? "" : "s")}";
    }
}
