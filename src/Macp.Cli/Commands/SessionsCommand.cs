using System.CommandLine;
using System.Globalization;
using Macp.Cli.Live;
using Macp.Client;
using Macp.Protocol;
using Spectre.Console;

namespace Macp.Cli.Commands;

/// <summary><c>macp sessions</c>: the sessions of a runtime, as far as the caller may read them.</summary>
static class SessionsCommand
{
    public static Command Create(CommandContext context)
    {
        var runtime = new RuntimeAccess(context);
        return runtime.Group("sessions", "Lists, shows and watches the sessions of a runtime.",
            List(context, runtime), Show(context, runtime), Watch(context, runtime), Tail(context, runtime));
    }

    static Command List(CommandContext context, RuntimeAccess runtime)
    {
        var all = new Option<bool>("--all") { Description = "Lists sessions that have ended too." };
        var json = Json();
        var command = new Command("list", "Lists the sessions that the caller may read.") { all, json };
        command.SetAction((parsed, cancellationToken) => runtime.RunAsync(parsed, async client =>
        {
            var rows = new List<string[]>();
            await foreach (var session in client.ListSessionsAsync(parsed.GetValue(all), cancellationToken: cancellationToken).ConfigureAwait(false))
            {
                if (parsed.GetValue(json)) await context.Output.RawLineAsync(WireJson.Of(session.Metadata)).ConfigureAwait(false);
                else rows.Add(SessionText.Row(session));
            }
            if (!parsed.GetValue(json)) Table.Write(context.Output, SessionText.Head, rows);
            return ExitStatus.Well;
        }, cancellationToken));
        return command;
    }

    static Command Show(CommandContext context, RuntimeAccess runtime)
    {
        var (id, json) = (Id(), Json());
        var command = new Command("show", "Shows what the runtime tells of a session.") { id, json };
        command.SetAction((parsed, cancellationToken) => runtime.RunAsync(parsed, async client =>
        {
            var session = await client.GetSessionAsync(parsed.GetValue(id)!, cancellationToken: cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(json)) await context.Output.RawLineAsync(WireJson.Of(session.Metadata)).ConfigureAwait(false);
            else SessionText.Write(context.Output, session);
            return ExitStatus.Well;
        }, cancellationToken));
        return command;
    }

    static Command Watch(CommandContext context, RuntimeAccess runtime)
    {
        var json = Json();
        var plain = new Option<bool>("--plain") { Description = "Prints a line a change in a terminal too, and not a table." };
        var command = new Command("watch", "Shows which sessions there are and what happens to them, in a terminal as a table, else line by line, until SIGINT.") { plain, json };
        command.SetAction((parsed, cancellationToken) => runtime.WatchAsync(parsed, async client =>
        {
            if (IsTerminal(context.Output) && !parsed.GetValue(plain) && !parsed.GetValue(json))
            {
                var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(context.Output) });
                await Dashboard.RunAsync(console, client, TimeProvider.System, cancellationToken).ConfigureAwait(false);
                return;
            }
            await foreach (var change in client.WatchSessionsAsync(cancellationToken: cancellationToken).ConfigureAwait(false))
                await (parsed.GetValue(json) ? context.Output.RawLineAsync(WireJson.Of(change.Event)) : Tell(change)).ConfigureAwait(false);
        }, cancellationToken));
        return command;

        Task Tell(SessionChange change) => context.Output.LineAsync(
            Moment.Of(change.ObservedAt), change.Type.PadRight("SUSPENDED".Length), change.Session.SessionId, change.Session.State.ToString().PadRight("Suspended".Length),
            change.Session.Mode, change.Session.Initiator);
    }

    // A writer of somebody else's is nobody's terminal.
    static bool IsTerminal(TextWriter output) => ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;

    static Command Tail(CommandContext context, RuntimeAccess runtime)
    {
        var (id, json) = (Id(), Json());
        var after = new Option<ulong>("--after")
        {
            Description = "The ordinal to begin behind; 0, the whole history, when not said.",
            HelpName = "N",
            CustomParser = result => Ordinal(result.Tokens[0].Value, result.AddError),
        };
        var command = new Command("tail", "Tells what was and is said in a session, until it ends.") { id, after, json };
        command.SetAction((parsed, cancellationToken) => runtime.RunAsync(parsed, async client =>
        {
            var session = await client.GetSessionAsync(parsed.GetValue(id)!, cancellationToken: cancellationToken).ConfigureAwait(false);
            var transcript = new Transcript(context.Output, session, context.Modes, parsed.GetValue(json));
            var items = client.FollowSessionAsync(session.SessionId, new() { AfterOrdinal = parsed.GetValue(after) }, cancellationToken: cancellationToken);
            await foreach (var item in items.ConfigureAwait(false)) await transcript.WriteAsync(item).ConfigureAwait(false);
            return ExitStatus.Well;
        }, cancellationToken));
        return command;
    }

    // One base64url token of sixty-four begins with a hyphen.
    static Argument<string> Id() => new Argument<string>("ID") { Description = "The session's id." }.RefuseOptions(unless: SessionIds.IsValid);

    static Option<bool> Json() => new("--json") { Description = "Prints a JSON object a line, by the names of the wire." };

    static ulong Ordinal(string text, Action<string> complain)
    {
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong ordinal)) return ordinal;
        complain($"--after must be a whole number, 0 or more; it is '{text}'");
        return 0;
    }
}
