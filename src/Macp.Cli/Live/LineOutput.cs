namespace Macp.Cli.Live;

/// <summary>Writes line by line, each at once, for whoever reads a pipe while the command goes on.</summary>
static class LineOutput
{
    /// <summary>Writes fields that others may have written: whatever is in them, they stay one line.</summary>
    public static Task LineAsync(this TextWriter output, params string[] fields) => output.WriteAtOnceAsync(PlainText.Of(string.Join("  ", fields)).TrimEnd());

    /// <summary>Writes JSON, which is one line already.</summary>
    public static Task RawLineAsync(this TextWriter output, string json) => output.WriteAtOnceAsync(PlainText.OfJson(json));

    static async Task WriteAtOnceAsync(this TextWriter output, string line)
    {
        await output.WriteLineAsync(line).ConfigureAwait(false);
        await output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
    }
}
