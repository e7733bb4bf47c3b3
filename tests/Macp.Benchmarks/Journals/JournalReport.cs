using System.Diagnostics;
using System.Globalization;

namespace Macp.Benchmarks.Journals;

/// <summary>What a journal costs besides the sending: starts on one, one long session, and the disk by itself as their control.</summary>
static class JournalReport
{
    const int Sessions = 100_000, Messages = 8, OpenEvery = 100, Long = 100_000, Parts = 10, Rounds = 5;

    public static async Task<int> PrintAsync(TextWriter output)
    {
        string root = Directory.CreateTempSubdirectory("macp-journal-report-").FullName;
        try
        {
            await DiskAsync(output, root);
            await StartAsync(output, Path.Combine(root, "finished"), Sessions, Messages, OpenEvery);
            await StartAsync(output, Path.Combine(root, "open"), Sessions / 2, Messages, openEvery: 1);
            await LengthenAsync(output, Path.Combine(root, "long"));
            return 0;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    static async Task DiskAsync(TextWriter output, string folder)
    {
        foreach (int records in new[] { 1, 16, 64, 256 })
            await output.WriteLineAsync($"control: append {records} records of 240 bytes and sync: {DiskControl.Measure(folder, records):N0} records a second");
    }

    /// <summary>A journal of sessions of which every so many-th is open: what a start on it takes, the segments' indexes being there and not.</summary>
    static async Task StartAsync(TextWriter output, string folder, int sessions, int messages, int openEvery)
    {
        var time = Stopwatch.StartNew();
        await using (var writer = JournalWriter.Open(folder, out _, out _)) await writer.PlayAsync(sessions, messages, openEvery);
        long bytes = Directory.EnumerateFiles(folder, "*.segment").Sum(file => new FileInfo(file).Length), indexes = BytesOfIndexes();
        int kept = sessions * messages;
        await output.WriteLineAsync($"journal: {sessions:N0} sessions, {kept:N0} messages in {time.Elapsed.TotalSeconds:N1} s; {(double)bytes / kept:N1} bytes a message, and {(double)indexes / kept:N1} of indexes");
        foreach (bool isIndexed in new[] { true, false, true, false })
        {
            // The second of each pair makes them anew; the control of what they save.
            if (!isIndexed) foreach (string index in Directory.EnumerateFiles(folder, "*.index")) File.Delete(index);
            await using var again = JournalWriter.Open(folder, out var reading, out var folding);
            double folded = again.TakenUp * (double)messages / (reading + folding).TotalSeconds;
            await output.WriteLineAsync($"start, {(isIndexed ? "indexed" : "without indexes")}: {again.TakenUp:N0} open sessions; read {Ms(reading)}, fold {Ms(folding)}, together {Ms(reading + folding)}; {folded:N0} messages of open sessions a second, {again.TakenUp * messages / folding.TotalSeconds:N0} folded");
        }

        long BytesOfIndexes() => Directory.EnumerateFiles(folder, "*.index").Sum(file => new FileInfo(file).Length);
    }

    static async Task LengthenAsync(TextWriter output, string folder)
    {
        foreach (bool isDurable in new[] { true, false })
        {
            var ratios = new List<double>();
            for (int round = 0; round < Rounds; round++)
            {
                await using var writer = isDurable ? JournalWriter.Open(Path.Combine(folder, round.ToString(CultureInfo.InvariantCulture)), out _, out _) : JournalWriter.InMemory();
                var times = await writer.LengthenAsync(Long, Parts);
                ratios.Add(times[^1] / times[0]);
                await output.WriteLineAsync($"one session of {Long:N0} messages, {(isDurable ? "journal" : "memory")}: tenths {string.Join(" ", times.Select(t => t.TotalMilliseconds.ToString("N0", CultureInfo.InvariantCulture)))} ms");
            }
            await output.WriteLineAsync($"last tenth against first, {(isDurable ? "journal" : "memory")}, median of {Rounds}: {ratios.Order().ElementAt(Rounds / 2):N2}");
        }
    }

    static string Ms(TimeSpan time) => $"{time.TotalMilliseconds:N0} ms";
}
