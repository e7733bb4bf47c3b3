using System.Globalization;
using Macp.Benchmarks.Overload.Attacks;

namespace Macp.Benchmarks.Overload;

/// <summary>What attacks on a server do to those who keep to their limits: their p99 in windows that are quiet and under attack by turns, and what the server holds.</summary>
static class OverloadReport
{
    const int Rounds = 3;
    const double MostTimesQuiet = 2;

    static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2), Between = TimeSpan.FromSeconds(1), Pause = TimeSpan.FromSeconds(10);

    /// <summary>Answers 1, for an exit status, where the victims' p99 is more than twice that of the quiet windows, or a message of theirs is not accepted.</summary>
    public static async Task<int> PrintAsync(TextWriter output, OverloadOptions options)
    {
        var (seconds, connections) = options;
        await using var server = await OverloadServer.StartAsync(BuiltCommand());
        await using var victims = await Victims.StartAsync(server.Endpoint);
        await victims.SendAsync(WarmUp);
        await output.WriteLineAsync($"victims: {Cast.Victims.Length} senders, {Victims.PerSecond} messages a second in all; {Rounds} windows of {seconds} s each, quiet and under attack by turns; latency from the moment meant");
        await output.WriteLineAsync($"server, victims and attackers are three processes on {Environment.ProcessorCount} cores, which the attackers take from the others too; {connections:N0} connections\n");
        await output.WriteLineAsync("| attack | quiet p50, p99 (ms) | under attack p50, p99 (ms) | ratio of p99 | resident before, under attack, after a collection (MiB) | connections under attack, after | the attackers were answered |");
        await output.WriteLineAsync("|---|---|---|---|---|---|---|");
        var missed = new List<string>();
        foreach (var (name, what) in Catalogue.All)
        {
            var row = await AttackAsync(server, victims, name, TimeSpan.FromSeconds(seconds), connections);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"| {what} | {row.Quiet} | {row.Attacked} | {row.Ratio:F2} | {row.Before:F0}, {row.AtEnd:F0}, {row.After:F0} | {row.ConnectionsAtEnd:N0}, {row.ConnectionsAfter:N0} | {row.Answers} |"));
            if (row.Ratio > MostTimesQuiet) missed.Add(name);
            foreach (string answer in row.Refused) missed.Add($"{name}: a victim was answered {answer}");
        }
        await output.WriteLineAsync($"\n{server.LogLines} lines were logged; each ratio is at most {MostTimesQuiet}: {(missed.Count == 0 ? "yes" : "no: " + string.Join(", ", missed))}");
        return missed.Count == 0 ? 0 : 1;
    }

    static async Task<Row> AttackAsync(OverloadServer server, Victims victims, string name, TimeSpan window, int connections)
    {
        await using var attackers = new AttackerProcess(name, server.Endpoint, connections);
        await server.CollectAsync();
        double before = server.Resident();
        // Both sides' code has its final form only after a while.
        await attackers.BeginAsync();
        await victims.SendAsync(WarmUp);
        await attackers.EndAsync();

        List<Sent> quiet = [], attacked = [];
        (double atEnd, int open) = (0, 0);
        for (int round = 0; round < Rounds; round++)
        {
            await Task.Delay(Between);
            quiet.AddRange(await victims.SendAsync(window));
            await attackers.BeginAsync();
            attacked.AddRange(await victims.SendAsync(window));
            (atEnd, open) = (server.Resident(), await server.ConnectionsAsync());
            await attackers.EndAsync();
        }
        await Task.Delay(Pause);
        await server.CollectAsync();
        return new(new(quiet), new(attacked), before, atEnd, server.Resident(), open, await server.ConnectionsAsync(), await attackers.AnswersAsync(),
            [.. quiet.Concat(attacked).Select(static sent => sent.Answer).Where(static answer => answer != Methods.Accepted).Distinct()]);
    }

    static string BuiltCommand()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Macp.Modes.sln"))) folder = folder.Parent;
        return Path.Combine(folder?.FullName ?? ".", "src/Macp.Cli/bin/Release/net10.0/macp.dll");
    }

    /// <summary>The median and the 99th percentile, in milliseconds.</summary>
    sealed record Latencies(double P50, double P99)
    {
        public Latencies(IEnumerable<Sent> sent) : this([.. sent.Select(static s => s.Latency.TotalMilliseconds).Order()])
        {
        }

        Latencies(double[] sorted) : this(sorted[sorted.Length / 2], sorted[sorted.Length * 99 / 100])
        {
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{P50:F2}, {P99:F2}");
    }

    sealed record Row(Latencies Quiet, Latencies Attacked, double Before, double AtEnd, double After, int ConnectionsAtEnd, int ConnectionsAfter, string Answers, string[] Refused)
    {
        public double Ratio => Attacked.P99 / Quiet.P99;
    }
}
