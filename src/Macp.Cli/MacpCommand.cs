using System.CommandLine;
using Macp.Cli.Commands;
using Macp.Modes;
using Macp.Modes.MultiRound;
using Macp.Modes.Standard;

namespace Macp.Cli;

/// <summary>
/// The <c>macp</c> command. A host with modes of its own is one line: <c>return await MacpCommand.RunAsync(args, modes => modes.Add&lt;AuctionMode>());</c>
/// has every command, with that mode beside the built-in ones.
/// </summary>
public static class MacpCommand
{
    /// <summary>Runs the command. It answers SIGINT and SIGTERM while it runs: <c>serve</c> and what watches stop cleanly, any other command is given up.</summary>
    /// <param name="args">The arguments, as the process got them.</param>
    /// <param name="modes">Adds modes to the built-in ones; null for none.</param>
    /// <param name="output">Where results go; the console when null.</param>
    /// <param name="error">Where complaints go; the console when null.</param>
    /// <param name="cancellationToken">Stops it, as the signals do.</param>
    /// <returns>
    /// The exit status: 0 all well; 1 something did not hold, the server could not start, or the runtime is not there or refuses; 2 wrong usage, or a file or folder that cannot be used; 130 given up; 141 nobody reads the output any more.
    /// </returns>
    public static async Task<int> RunAsync(
        string[] args, Action<ModeCatalog>? modes = null, TextWriter? output = null, TextWriter? error = null, CancellationToken cancellationToken = default)
    {
        using var signals = new Signals(cancellationToken);
        var context = new CommandContext(BuiltIn(), output ?? StandardOutput.Open(), error ?? Console.Error)
        {
            Literals = args.SkipWhile(arg => arg != "--").Skip(1).ToHashSet(StringComparer.Ordinal),
        };
        try
        {
            modes?.Invoke(context.Modes);
            // @FILE is a payload here, and no file of further arguments.
            var parsed = Root(context).Parse(args, new() { ResponseFileTokenReplacer = null });
            if (parsed.Errors.Count > 0) return Usage.Complain(context, parsed);

            var invocation = new InvocationConfiguration { Output = context.Output, Error = context.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(invocation, signals.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            return context.Fail(ExitStatus.GivenUp, "given up");
        }
        catch (IOException e) when (StandardOutput.IsHangUp(e))
        {
            // Not worth a word: whoever read the output has seen enough, as "head" has.
            return ExitStatus.HungUp;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What reads and writes files tells that itself.
            return context.Fail(ExitStatus.Failed, $"the output cannot be written: {e.Message}");
        }
        catch (Exception e)
        {
            // What the commands expect they tell themselves. This is the fault of the program, or of a mode it hosts.
            return context.Fail(ExitStatus.Failed, $"{e.GetType().Name}: {e.Message}");
        }
    }

    static ModeCatalog BuiltIn() => new ModeCatalog()
        .Add<DecisionMode>().Add<ProposalMode>().Add<TaskMode>().Add<HandoffMode>().Add<QuorumMode>().Add<MultiRoundMode>();

    static RootCommand Root(CommandContext context) => new("The multi-agent coordination protocol: host a runtime, play scenarios, check conformance, send messages, look at modes, sessions, policies and journals.")
    {
        PlayCommand.Create(context),
        ServeCommand.Create(context),
        ConformCommand.Create(context),
        ModesCommand.Create(context),
        SessionsCommand.Create(context),
        SignalCommand.Create(context),
        SendCommand.Create(context),
        PolicyCommand.Create(context),
        LogCommand.Create(context),
        BackupCommand.Create(context),
        ReplayCommand.Create(context),
    };
}
