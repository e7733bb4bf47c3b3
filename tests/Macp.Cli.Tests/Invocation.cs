using Macp.Modes;

namespace Macp.Cli.Tests;

/// <summary>The command, run in this process with its output captured.</summary>
sealed record Invocation(int Status, string Output, string Error)
{
    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static Task<Invocation> OfAsync(params string[] args) => OfAsync(null, args);

    public static async Task<Invocation> OfAsync(Action<ModeCatalog>? modes, string[] args, CancellationToken cancellationToken = default)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        int status = await MacpCommand.RunAsync(args, modes, output, error, cancellationToken);
        var invocation = new Invocation(status, output.ToString(), error.ToString());
        Assert.DoesNotContain("   at ", invocation.Output + invocation.Error, StringComparison.Ordinal); // no stack trace, whatever happens
        return invocation;
    }
}
