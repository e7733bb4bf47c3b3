using System.Text;
using Macp.Server.Authentication;
using Microsoft.Extensions.Logging.Abstractions;

namespace Macp.Server.Tests;

/// <summary>When the issuer's keys are read, and what holds when they cannot be.</summary>
public sealed class IssuerKeysTests
{
    static readonly TimeSpan TimeToLive = TimeSpan.FromMinutes(5), Interval = TimeSpan.FromSeconds(10);

    readonly ManualTime _time = new();
    readonly IssuerKeys _keys;
    Func<Task<JsonWebKeySet>> _answer = () => Task.FromResult(NewSet());
    readonly SemaphoreSlim _asked = new(0);
    int _readings;

    public IssuerKeysTests() => _keys = new(_ => { Interlocked.Increment(ref _readings); _asked.Release(); return _answer(); }, TimeToLive, _time, NullLogger.Instance);

    [Fact]
    public async Task They_are_read_when_they_are_first_needed_and_kept()
    {
        Assert.Null(_keys.Current);
        Assert.Equal(0, _readings);

        var set = await _keys.AgainAsync(default).Happens();

        Assert.NotNull(set);
        Assert.Same(set, _keys.Current);
        Assert.Equal(1, _readings);
    }

    [Fact]
    public async Task Who_asks_meanwhile_waits_for_the_same_reading()
    {
        var answer = Hold();
        Task<JsonWebKeySet?>[] asked = [.. Enumerable.Range(0, 20).Select(_ => _keys.AgainAsync(default))];
        answer.SetResult(NewSet());

        Assert.Single((await Task.WhenAll(asked).Happens()).Distinct());
        Assert.Equal(1, _readings);
    }

    [Fact]
    public async Task They_are_read_again_at_most_once_in_the_interval()
    {
        var first = await _keys.AgainAsync(default).Happens();
        _time.Advance(Interval - TimeSpan.FromMilliseconds(1));
        for (int i = 0; i < 100; i++) Assert.Same(first, await _keys.AgainAsync(default).Happens());
        Assert.Equal(1, _readings);

        _time.Advance(TimeSpan.FromMilliseconds(1));
        for (int i = 0; i < 100; i++) Assert.NotSame(first, await _keys.AgainAsync(default).Happens());
        Assert.Equal(2, _readings);
    }

    [Fact]
    public async Task Failed_readings_are_no_more_frequent()
    {
        _answer = () => throw new HttpRequestException("no");
        for (int i = 0; i < 100; i++) Assert.Null(await _keys.AgainAsync(default).Happens());
        Assert.Equal(1, _readings);

        _answer = () => Task.FromResult(NewSet());
        _time.Advance(Interval);
        Assert.NotNull(await _keys.AgainAsync(default).Happens());
    }

    [Fact]
    public async Task After_their_time_they_are_read_again_and_nobody_waits()
    {
        var first = await _keys.AgainAsync(default).Happens();
        await _asked.WaitAsync().Happens();
        var answer = Hold();
        _time.Advance(TimeToLive);
        Assert.Same(first, _keys.Current);
        Assert.Equal(1, _readings);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Same(first, _keys.Current);
        await _asked.WaitAsync().Happens(); // by having looked at them
        Assert.Same(first, _keys.Current);

        var second = NewSet();
        answer.SetResult(second);
        Assert.Same(second, await _keys.AgainAsync(default).Happens());
        Assert.Equal(2, _readings);
    }

    [Fact]
    public async Task The_last_good_ones_hold_for_an_hour_when_they_cannot_be_read()
    {
        var first = await _keys.AgainAsync(default).Happens();
        _answer = () => throw new FormatException("garbage");
        _time.Advance(TimeToLive + TimeSpan.FromHours(1));
        Assert.Same(first, await _keys.AgainAsync(default).Happens());

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(_keys.Current);
        Assert.Null(await _keys.AgainAsync(default).Happens());
    }

    [Fact]
    public async Task A_caller_that_gives_up_ends_nobody_elses_reading()
    {
        var answer = Hold();
        using var gone = new CancellationTokenSource();
        var impatient = _keys.AgainAsync(gone.Token);
        var patient = _keys.AgainAsync(default);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);

        answer.SetResult(NewSet());
        Assert.NotNull(await patient.Happens());
    }

    TaskCompletionSource<JsonWebKeySet> Hold()
    {
        var answer = new TaskCompletionSource<JsonWebKeySet>(TaskCreationOptions.RunContinuationsAsynchronously);
        _answer = () => answer.Task;
        return answer;
    }

    static JsonWebKeySet NewSet() => JsonWebKeySet.Parse(Encoding.UTF8.GetBytes(SigningKey.Set(SigningKey.Ec())), ["ES256"]);
}
