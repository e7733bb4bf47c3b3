using System.CommandLine;
using Macp.Cli.Journals;
using Macp.Runtime;

namespace Macp.Cli.Commands;

/// <summary><c>macp log</c>: what stands in the journal of a runtime, running or not, and whether it holds.</summary>
static class LogCommand
{
    public static Command Create(CommandContext context)
    {
        var folder = new Argument<string>("FOLDER") { Description = "The folder in which a runtime keeps, or kept, its histories." }.RefuseOptions();
        var session = new Option<string?>("--session") { Description = "Shows this session, with its whole history.", HelpName = "ID" };
        var json = new Option<bool>("--json") { Description = "Prints a JSON object a line, by the names of the wire." };
        var command = new Command("log", "Lists the sessions of a journal and verifies it, also beside the runtime that writes it.") { folder, session, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            context, parsed.GetValue(folder)!, parsed.GetValue(session),
            parsed.GetValue(json) ? new JournalJson(context.Output, context.Modes) : new JournalText(context.Output, context.Modes), cancellationToken));
        return command;
    }

    static async Task<int> RunAsync(CommandContext context, string folder, string? session, IJournalView view, CancellationToken cancellationToken)
    {
        try
        {
            var archive = JournalAccess.Use(() => JournalArchive.Open(folder));
            return await (session is null ? ListAsync(context, archive, view, cancellationToken) : ShowAsync(context, archive, session, view, cancellationToken)).ConfigureAwait(false);
        }
        catch (UnusableJournalException e)
        {
            return context.Fail(ExitStatus.Unusable, e.Message);
        }
    }

    static async Task<int> ListAsync(CommandContext context, JournalArchive archive, IJournalView view, CancellationToken cancellationToken)
    {
        await view.BeginAsync().ConfigureAwait(false);
        foreach (var session in JournalAccess.Sessions(archive))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await view.ListAsync(session).ConfigureAwait(false);
        }
        await view.EndAsync(archive.Extent, archive.Faults).ConfigureAwait(false);
        return JournalAccess.DamageOf(archive.Faults) is { } damage ? context.Fail(ExitStatus.Failed, damage) : ExitStatus.Well;
    }

    static async Task<int> ShowAsync(CommandContext context, JournalArchive archive, string id, IJournalView view, CancellationToken cancellationToken)
    {
        foreach (var session in JournalAccess.Sessions(archive))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (session.SessionId != id) continue;
            await view.ShowAsync(session).ConfigureAwait(false);
            return session.IsWhole ? ExitStatus.Well : context.Fail(ExitStatus.Failed, "the journal is damaged, and records of this session are missing, or may be");
        }
        return context.Fail(ExitStatus.Failed, $"there is no session '{id}' in this journal" + (JournalAccess.DamageOf(archive.Faults) is { } damage ? $", of which something is missing: {damage}" : ""));
    }
}
