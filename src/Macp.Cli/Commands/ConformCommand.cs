using System.CommandLine;
using System.Text.Json.Nodes;
using Macp.Client;
using Macp.Testing;

namespace Macp.Cli.Commands;

/// <summary><c>macp conform</c>: fixtures and hash vectors, driven through gRPC.</summary>
static class ConformCommand
{
    public static Command Create(CommandContext context)
    {
        var paths = new Argument<string[]>("PATH") { Description = "Fixtures and hash vectors; a folder is read recursively.", Arity = ArgumentArity.OneOrMore };
        var endpoint = new Option<string?>("--endpoint") { Description = "A runtime with development authentication; one of its own when not said.", HelpName = "URL" };
        var command = new Command("conform", "Checks a runtime against conformance fixtures and hash vectors.") { paths, endpoint };
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed.GetValue(paths)!, parsed.GetValue(endpoint), cancellationToken));
        return command;
    }

    static async Task<int> RunAsync(CommandContext context, string[] paths, string? endpoint, CancellationToken cancellationToken)
    {
        try
        {
            var files = paths.SelectMany(Files).ToList();
            var count = new Count();
            await using var host = endpoint is null ? await context.HostAsync(cancellationToken).ConfigureAwait(false) : null;
            var address = host?.Address ?? Endpoint(endpoint!);
            await using var conformance = await Conformance.ConnectAsync(context.Modes, address, cancellationToken).ConfigureAwait(false);
            foreach (var (name, json) in files)
            {
                var result = await conformance.CheckAsync(name, json, cancellationToken).ConfigureAwait(false);
                context.Output.WriteLine(count.Add(result) switch
                {
                    { Verdict: CheckVerdict.Pass } => $"PASS {name}",
                    { Verdict: CheckVerdict.Skip } => $"SKIP {name}: {result.Reason}",
                    _ => $"FAIL {name}: {result.Reason}",
                });
            }
            context.Output.WriteLine($"{count.Passed} passed, {count.Failed} failed, {count.Skipped} skipped");
            return count.Failed == 0 ? ExitStatus.Well : ExitStatus.Failed;
        }
        catch (FixtureException e)
        {
            return context.Fail(ExitStatus.Unusable, e.Message);
        }
        catch (MacpException e)
        {
            return context.Fail(ExitStatus.Failed, $"the runtime at {endpoint ?? "the command's own port"} cannot be used: {e.Message}");
        }
    }

    /// <summary>The fixtures and vectors at a path, in the order of their names. What is neither, in a folder, is not counted.</summary>
    static IEnumerable<(string Name, JsonObject Json)> Files(string path)
    {
        if (!Directory.Exists(path)) return [Read(path) is { } one && IsCase(one) ? (Path.GetFileNameWithoutExtension(path), one) : throw new FixtureException($"{path}: it is neither a fixture nor a hash vector")];
        return Directory.EnumerateFiles(path, "*.json", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith("schema.json", StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal)
            .Select(file => (Path.GetFileNameWithoutExtension(file), Read(file)))
            .Where(file => IsCase(file.Item2));
    }

    static JsonObject Read(string path) => FixtureReader.ReadJson(path);

    static bool IsCase(JsonObject json) => FixtureReader.IsFixture(json) || HashVector.IsVector(json);

    static Uri Endpoint(string text) =>
        Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https")
            ? uri
            : throw new FixtureException($"--endpoint must be a URL such as http://127.0.0.1:50051; it is '{text}'");

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
