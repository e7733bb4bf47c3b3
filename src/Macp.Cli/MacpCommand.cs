using System.CommandLine;
using Macp.Cli.Commands;
using Macp.Modes;
using Macp.Modes.Standard;

namespace Macp.Cli;

/// <summary>
/// The <c>macp</c> command. A host with modes of its own is one line: <c>return await MacpCommand.RunAsync(args, modes => modes.Add&lt;AuctionMode>());</c>
/// has every command, with that mode beside the built-in ones.
/// </summary>
public static class MacpCommand
{
    // Longer than any drain: the server ends by itself, and this only guards against one that does not.
    static readonly TimeSpan Termination = TimeSpan.FromMinutes(5);

    /// <summary>Runs the command.</summary>
    /// <param name="args">The arguments, as the process got them.</param>
    /// <param name="modes">Adds modes to the built-in ones; null for none.</param>
    /// <param name="output">Where results go; the console when null.</param>
    /// <param name="error">Where complaints go; the console when null.</param>
    /// <param name="cancellationToken">Stops it, as SIGINT and SIGTERM do.</param>
    /// <returns>The exit status: 0 all well; 1 something did not hold, or the server could not start; 2 wrong usage, or a file that cannot be used.</returns>
    public static async Task<int> RunAsync(
        string[] args, Action<ModeCatalog>? modes = null, TextWriter? output = null, TextWriter? error = null, CancellationToken cancellationToken = default)
    {
        var catalog = new ModeCatalog().Add<DecisionMode>();
        modes?.Invoke(catalog);
        var context = new CommandContext(catalog, output ?? Console.Out, error ?? Console.Error);
        var root = new RootCommand("The multi-agent coordination protocol: host a runtime, play scenarios, check conformance, look at modes.")
        {
            PlayCommand.Create(context),
            ServeCommand.Create(context),
            ConformCommand.Create(context),
            ModesCommand.Create(context),
        };

        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var complaint in parsed.Errors) await context.Error.WriteLineAsync($"macp: {complaint.Message}").ConfigureAwait(false);
            await context.Error.WriteLineAsync("macp: 'macp --help' lists the commands and their options").ConfigureAwait(false);
            return ExitStatus.Unusable;
        }
        var invocation = new InvocationConfiguration { Output = context.Output, Error = context.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = Termination };
        return await parsed.InvokeAsync(invocation, cancellationToken).ConfigureAwait(false);
    }
}
