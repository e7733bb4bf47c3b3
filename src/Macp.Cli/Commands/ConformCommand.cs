using System.CommandLine;
using Macp.Client;
using Macp.Testing;

namespace Macp.Cli.Commands;

/// <summary><c>macp conform</c>: fixtures and hash vectors, driven through gRPC.</summary>
static class ConformCommand
{
    public static Command Create(CommandContext context)
    {
        var paths = new Argument<string[]>("PATH") { Description = "Fixtures and hash vectors; a folder is read recursively.", Arity = ArgumentArity.OneOrMore }.RefuseOptions();
        var endpoint = new Option<Uri?>("--endpoint")
        {
            Description = "A runtime with development authentication; one of its own when not said.",
            HelpName = "URL",
            CustomParser = result => Endpoints.Parse("--endpoint", result.Tokens[0].Value, result.AddError),
        };
        var command = new Command("conform", "Checks a runtime against conformance fixtures and hash vectors.") { paths, endpoint };
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed.GetValue(paths)!, parsed.GetValue(endpoint), cancellationToken));
        return command;
    }

    static async Task<int> RunAsync(CommandContext context, string[] paths, Uri? endpoint, CancellationToken cancellationToken)
    {
        try
        {
            var cases = paths.SelectMany(CaseFiles.At).ToList();
            await using var host = endpoint is null ? await context.HostAsync(cancellationToken).ConfigureAwait(false) : null;
            await using var conformance = await Conformance.ConnectAsync(context.Modes, endpoint ?? host!.Address, cancellationToken).ConfigureAwait(false);
            var count = new Count();
            foreach (var (name, json) in cases)
            {
                var result = await conformance.CheckAsync(name, json, cancellationToken).ConfigureAwait(false);
                context.Output.WriteLine(count.Add(result) switch
                {
                    { Verdict: CheckVerdict.Pass } => $"PASS {name}",
                    { Verdict: CheckVerdict.Skip } => $"SKIP {name}: {PlainText.Of(result.Reason)}",
                    _ => $"FAIL {name}: {PlainText.Of(result.Reason)}",
                });
            }
            context.Output.WriteLine($"{count.Passed} passed, {count.Failed} failed, {count.Skipped} skipped");
            if (cases.Count == 0) return context.Fail(ExitStatus.Unusable, $"there is no fixture and no hash vector in {string.Join(", ", paths)}");
            return count.Failed == 0 ? ExitStatus.Well : ExitStatus.Failed;
        }
        catch (FixtureException e)
        {
            return context.Fail(ExitStatus.Unusable, e.Message);
        }
        catch (MacpException e)
        {
            return context.Fail(ExitStatus.Failed, $"the runtime at {endpoint?.OriginalString ?? "the command's own port"} cannot be used: {e.Message}");
        }
    }

    sealed class Count
    {
        public int Passed { get; private set; }
        public int Failed { get; private set; }
        public int Skipped { get; private set; }

        public CheckResult Add(CheckResult result)
        {
            _ = result.Verdict switch { CheckVerdict.Pass => Passed++, CheckVerdict.Fail => Failed++, _ => Skipped++ };
            return result;
        }
    }
}
