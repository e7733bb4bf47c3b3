using Macp.Client;

namespace Macp.Samples;

/// <summary>The command: which sample, and against which runtime.</summary>
static class SampleCommand
{
    const int Well = 0, Failed = 1, Unusable = 2;

    // Nothing here takes longer than seconds; a runtime that falls silent must not hold a build up.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Runs what the arguments name.</summary>
    /// <returns>0 when the sample came to its end, 1 when it did not, 2 for arguments that name none.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        if (args is [])
        {
            foreach (var known in Sample.All) await output.WriteLineAsync($"{known.Name,-16}  {known.Description}").ConfigureAwait(false);
            return Well;
        }
        if (Sample.All.FirstOrDefault(sample => sample.Name == args[0]) is not { } sample || !TryEndpoint(args[1..], out var endpoint))
        {
            await error.WriteLineAsync("usage: macp-samples [NAME [--endpoint HOST:PORT]]; without a name it lists the samples").ConfigureAwait(false);
            return Unusable;
        }
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await using var stage = await SampleStage.OpenAsync(endpoint, sample.Tokens, output, patience.Token).ConfigureAwait(false);
            await sample.RunAsync(stage, patience.Token).ConfigureAwait(false);
            return Well;
        }
        catch (Exception e) when (e is MacpException or OperationCanceledException or HttpRequestException)
        {
            await error.WriteLineAsync($"{sample.Name}: {e.Message}").ConfigureAwait(false);
            return Failed;
        }
    }

    static bool TryEndpoint(string[] args, out Uri? endpoint)
    {
        endpoint = null;
        return args is [] || (args is ["--endpoint", var address] && Uri.TryCreate($"http://{address}", UriKind.Absolute, out endpoint) && endpoint.PathAndQuery == "/");
    }
}
