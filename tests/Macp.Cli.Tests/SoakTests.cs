using System.Diagnostics;
using Xunit.Abstractions;

namespace Macp.Cli.Tests;

/// <summary>
/// Mixed load on <c>macp serve</c>, which is stopped and killed meanwhile: seconds of it, or as many as <c>MACP_SOAK_SECONDS</c> says, with the seed of
/// <c>MACP_SOAK_SEED</c>.
/// </summary>
[Collection(JournalledServer.OneAtATime)]
public sealed class SoakTests(ITestOutputHelper output) : IDisposable
{
    const int Players = 8;

    static readonly TimeSpan LongLife = TimeSpan.FromSeconds(30), Patience = TimeSpan.FromMinutes(3);
    static readonly string[][] Teams = [["ann", "bob", "cid"], ["dan", "eva", "fay"]];

    readonly string _folder = Directory.CreateTempSubdirectory("macp-soak-").FullName;
    readonly int _seed = Setting("MACP_SOAK_SEED", Environment.TickCount & 0xFFFF);
    readonly TimeSpan _length = TimeSpan.FromSeconds(Setting("MACP_SOAK_SECONDS", 8));
    readonly TaskCompletionSource _failing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Counts_are_what_clients_were_told_and_memory_and_handles_stay_level()
    {
        bool isLong = _length > TimeSpan.FromMinutes(3);
        var book = new SoakBook(TimeSpan.FromSeconds(isLong ? 60 : 30));
        await using var server = new SoakServer(_folder, book.Retention);
        await server.StartAsync();
        var shifts = new Shifts(server.Endpoint);
        var soak = new Soak(server, shifts, book);
        var crowd = new Bystanders(shifts, _seed);
        using var enough = new CancellationTokenSource();
        try
        {
            shifts.Open();
            var limited = await PrepareAsync(shifts, book);
            var working = Task.WhenAll(
                [.. Enumerable.Range(0, Players).Select(i => ToldOfAsync(new Player(shifts, book, new(_seed + i), Teams[i % Teams.Length]).PlayAsync(enough.Token))),
                ToldOfAsync(crowd.StayAsync(enough.Token)), ToldOfAsync(MeasureAsync(server, shifts, soak.Level, enough.Token))]);
            await RestartAsync(soak);
            await enough.CancelAsync();
            await Task.WhenAny(working, _failing.Task).WaitAsync(Patience);
            if (_failing.Task.IsFaulted) await _failing.Task;
            await limited();
            await soak.PauseAsync();
            soak.CountTotals();
            Tell(soak, book, crowd);
            soak.Level.Judge(_length);
            if (isLong) await soak.ForgetsAsync();
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"The soak with the seed {_seed} failed: {e.Message}", e);
        }
    }

    /// <summary>Ends the server again and again: each way of it, in an order of chance.</summary>
    async Task RestartAsync(Soak soak)
    {
        var random = new Random(_seed);
        Func<Task>[] endings = [soak.KillAsync, soak.StopUnderLoadAsync, soak.StopInPauseAsync];
        var life = _length / (endings.Length + 1) is var quarter && quarter < LongLife ? quarter : LongLife;
        long began = Stopwatch.GetTimestamp();
        for (int i = 0; i < endings.Length || Stopwatch.GetElapsedTime(began) + life < _length; i++)
        {
            if (i % endings.Length == 0) random.Shuffle(endings);
            await WorkAsync(life * (0.6 + 0.8 * random.NextDouble()));
            await endings[i % endings.Length]();
        }
        if (_length - Stopwatch.GetElapsedTime(began) is var left && left > TimeSpan.Zero) await WorkAsync(left);
    }

    async Task WorkAsync(TimeSpan time)
    {
        await Task.WhenAny(Task.Delay(time), _failing.Task);
        if (_failing.Task.IsFaulted) await _failing.Task;
    }

    /// <summary>Whoever fails ends all of it.</summary>
    async Task ToldOfAsync(Task work)
    {
        try
        {
            await work;
        }
        catch (Exception e)
        {
            _failing.TrySetException(e);
        }
    }

    /// <summary>A policy for some of the sessions, and a session for whoever may have one only; answers how that one ends.</summary>
    static async Task<Func<Task>> PrepareAsync(Shifts shifts, SoakBook book)
    {
        await shifts.CallAsync((_, crew, _) => crew["ops"].RegisterPolicyAsync(new() { PolicyId = SoakBook.Policy, Mode = "*", SchemaVersion = 3, Description = "kept", Rules = "{}" }));
        var only = new Player(shifts, book, new(0), [SoakServer.Limited, "bob", "cid"]);
        await only.StartOneAsync();
        return only.CancelAsync;
    }

    static async Task MeasureAsync(SoakServer server, Shifts shifts, Level level, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            await shifts.CallAsync((life, _, _) =>
            {
                if (!life.IsEnding) level.Loaded(life, server.Holds());
                return Task.CompletedTask;
            });
            await Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None);
        }
    }

    void Tell(Soak soak, SoakBook book, Bystanders crowd)
    {
        output.WriteLine($"seed {_seed}, {_length.TotalSeconds:F0} s, {string.Join(", ", soak.Endings.Select(ending => $"{ending.Value} {ending.Key}"))}");
        output.WriteLine(string.Join(", ", soak.Totals.Select(total => $"{total.Value} {total.Key["macp_".Length..^"_total".Length]}")));
        output.WriteLine($"{book.Started} sessions begun, {book.Followed} followed, {book.Repetitions} repetitions; {crowd.Summary}");
        output.WriteLine(soak.Level.Summary(_length));
    }

    static int Setting(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), out int value) ? value : otherwise;
}
