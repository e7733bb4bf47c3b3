using System.Collections.Concurrent;
using Macp.Client;

namespace Macp.Testing.Tests;

/// <summary>What a watcher is told of each session, in order.</summary>
sealed class WatchedHistories : IAsyncDisposable
{
    readonly ConcurrentDictionary<string, string> _told = new(StringComparer.Ordinal);
    readonly CancellationTokenSource _leaving = new();
    readonly Task _watching;
    int _found;

    /// <param name="watcher">Who tells.</param>
    /// <param name="slowly">What it has to wait for before it is told more; null for nothing.</param>
    public WatchedHistories(SessionLifecycleWatcher watcher, Task? slowly = null) => _watching = watcher.WatchAsync(
        async change =>
        {
            _told.AddOrUpdate(change.Session.SessionId, change.Type, (_, before) => $"{before} {change.Type}");
            if (change.IsResynchronized) Interlocked.Increment(ref _found);
            if (slowly is not null) await slowly;
        },
        _leaving.Token);

    /// <summary>How many changes the watcher found by itself.</summary>
    public int Found => Volatile.Read(ref _found);

    public IReadOnlyDictionary<string, string> All => _told;

    public string Of(string session) => _told.GetValueOrDefault(session, "");

    public Task Told(string session, string history) => WatchedSessions.Soon(() => Failed() || Of(session) == history, () => $"'{Of(session)}' was told and not '{history}'");

    public bool Failed()
    {
        if (_watching.IsFaulted) _watching.GetAwaiter().GetResult();
        return false;
    }

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _watching);
        _leaving.Dispose();
    }
}
