using System.Diagnostics;

namespace Macp.Cli.Tests;

/// <summary>What the processes hold under load, second by second, and when nobody is connected.</summary>
sealed class Level
{
    // A young process has not been everywhere yet.
    static readonly TimeSpan Grown = TimeSpan.FromSeconds(5);

    readonly long _began = Stopwatch.GetTimestamp();
    readonly List<(TimeSpan At, int ResidentKiB, int Threads)> _loaded = [];
    readonly List<Holding> _quiet = [];

    public void Loaded(Life life, Holding holding)
    {
        if (DateTimeOffset.UtcNow - life.BeganAt > Grown) _loaded.Add((Stopwatch.GetElapsedTime(_began), holding.ResidentKiB, holding.Threads));
    }

    public void Quiet(Holding holding) => _quiet.Add(holding);

    /// <summary>Nothing grows: of a long run, the last third holds what the second third held; and whenever nobody is connected, as many files are open.</summary>
    public void Judge(TimeSpan run)
    {
        Assert.InRange(_quiet.Max(holding => holding.Files) - _quiet.Min(holding => holding.Files), 0, 12);
        if (run < TimeSpan.FromMinutes(3)) return;
        Assert.InRange(Median(run * 2 / 3, run), 0, Median(run / 3, run * 2 / 3) * 1.3);
        Assert.InRange(_loaded.Max(sample => sample.Threads), 0, 2 * _loaded.Min(sample => sample.Threads));
    }

    public string Summary(TimeSpan run) => _loaded.Count == 0 ? "" : string.Create(null,
        $"resident {Median(default, run / 3):F0}, {Median(run / 3, run * 2 / 3):F0}, {Median(run * 2 / 3, run):F0} MiB (medians of the thirds, most {_loaded.Max(s => s.ResidentKiB) / 1024}), {_loaded.Min(s => s.Threads)} to {_loaded.Max(s => s.Threads)} threads; ")
        + $"open files when nobody is connected: {string.Join(' ', _quiet.Select(holding => holding.Files))}";

    double Median(TimeSpan from, TimeSpan to)
    {
        int[] resident = [.. _loaded.Where(sample => sample.At >= from && sample.At < to).Select(sample => sample.ResidentKiB).Order()];
        return resident.Length == 0 ? 0 : resident[resident.Length / 2] / 1024.0;
    }
}
