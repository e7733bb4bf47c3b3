using System.CommandLine;
using Macp.Client;
using Macp.Testing;

namespace Macp.Cli.Commands;

/// <summary><c>macp play</c>: a scenario, message by message, as a person would want to read it.</summary>
static class PlayCommand
{
    const string Shipped = "decision";

    public static Command Create(CommandContext context)
    {
        var file = new Argument<string?>("FILE")
        {
            Description = "A scenario in the format of the conformance fixtures; one that comes with the command when not said.",
            Arity = ArgumentArity.ZeroOrOne,
        }.RefuseOptions();
        var command = new Command("play", "Plays a scenario over gRPC against a runtime of its own, and tells what happens.") { file };
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed.GetValue(file), cancellationToken));
        return command;
    }

    static async Task<int> RunAsync(CommandContext context, string? file, CancellationToken cancellationToken)
    {
        try
        {
            var scenario = file is null ? FixtureReader.Parse(Shipped, ReadShipped()) : FixtureReader.ReadFile(file);
            await using var host = await context.HostAsync(cancellationToken).ConfigureAwait(false);
            var story = new Story(context.Output, scenario);
            await foreach (var happened in new FixtureRunner(context.Modes, host.Address).PlayAsync(scenario, cancellationToken).ConfigureAwait(false)) story.Tell(happened);
            return story.Failures == 0 ? ExitStatus.Well : ExitStatus.Failed;
        }
        catch (FixtureException e)
        {
            return context.Fail(ExitStatus.Unusable, string.IsNullOrEmpty(file) || e.Message.StartsWith($"{file}: ", StringComparison.Ordinal) ? e.Message : $"{file}: {e.Message}");
        }
        catch (MacpException e)
        {
            return context.Fail(ExitStatus.Failed, $"the scenario could not be played to its end: {e.Message}");
        }
    }

    static string ReadShipped()
    {
        using var reader = new StreamReader(typeof(PlayCommand).Assembly.GetManifestResourceStream(Shipped)!);
        return reader.ReadToEnd();
    }
}
