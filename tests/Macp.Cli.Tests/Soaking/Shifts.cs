using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Macp.Client;

namespace Macp.Cli.Tests;

/// <summary>One process from its start to its end.</summary>
sealed class Life(int number)
{
    public int Number => number;

    public LifeTally Tally { get; } = new();

    public DateTimeOffset BeganAt { get; } = DateTimeOffset.UtcNow;

    /// <summary>Set before it is told to end: from now on calls may fail.</summary>
    public volatile bool IsEnding;

    /// <summary>Completed when the next one is at work.</summary>
    public TaskCompletionSource IsOver { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>The clients from one pause to the next, and when they go.</summary>
sealed class Crew(Uri endpoint) : IAsyncDisposable
{
    readonly ConcurrentDictionary<string, MacpClient> _clients = new(StringComparer.Ordinal);
    readonly CancellationTokenSource _leaving = new();

    public CancellationToken Leaving => _leaving.Token;

    /// <summary>The client of whoever has this token.</summary>
    public MacpClient this[string token] => _clients.GetOrAdd(token, Connect);

    MacpClient Connect(string token) => new(new() { Endpoint = endpoint, AllowInsecure = true, Auth = MacpAuth.Bearer(token), Retry = MacpRetryPolicy.None });

    public Task LeaveAsync() => _leaving.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients.Values) await client.DisposeAsync();
        _leaving.Dispose();
    }
}

/// <summary>Who works with which process: nobody while the doors are closed. What fails because a process ends is done again with the next one.</summary>
sealed class Shifts(Uri endpoint)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _underWay, _attached;

    public Life Life { get; private set; } = new(1);

    public Crew Crew { get; private set; } = new(endpoint);

    /// <summary>How many calls that count may be under way.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    public void Open() => _open.SetResult();

    /// <summary>Lets nobody in any more, and waits for those within.</summary>
    public async Task CloseAsync()
    {
        // Closed already, there are some who wait for it to open.
        if (_open.Task.IsCompleted) _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await UntilNoneAsync(() => UnderWay, "calls");
    }

    /// <summary>Sends everybody away who watches or follows, and closes their connections.</summary>
    public async Task ClearAsync()
    {
        await Crew.LeaveAsync();
        await UntilNoneAsync(() => Volatile.Read(ref _attached), "streams");
        await Crew.DisposeAsync();
        Crew = new(endpoint);
    }

    /// <summary>Another process is there.</summary>
    public void Next()
    {
        var before = Life;
        Life = new(before.Number + 1);
        before.IsOver.SetResult();
    }

    /// <summary>Makes a call, again after each end of a process that it meets.</summary>
    /// <param name="call">The call, and how often it was made in vain.</param>
    /// <param name="name">Who makes it.</param>
    public async Task<T> CallAsync<T>(Func<Life, Crew, int, Task<T>> call, [CallerMemberName] string name = "")
    {
        for (int vain = 0; ; vain++)
        {
            var life = await EnterAsync();
            try
            {
                return await call(life, Crew, vain).WaitAsync(Patience);
            }
            catch (TimeoutException)
            {
                throw new TimeoutException($"{name} in life {life.Number}, for the {vain + 1}. time, has not come back within {Patience}");
            }
            catch (MacpTransportException) when (life.IsEnding)
            {
                // Answered or not, nobody knows.
            }
            finally
            {
                Interlocked.Decrement(ref _underWay);
            }
            await life.IsOver.Task.WaitAsync(Patience);
        }
    }

    public Task CallAsync(Func<Life, Crew, int, Task> call, [CallerMemberName] string name = "") => CallAsync(async (life, crew, vain) =>
    {
        await call(life, crew, vain);
        return true;
    }, name);

    /// <summary>Watches or follows until it is done, the crew leaves, or the process ends; answers whether it is done.</summary>
    public async Task<bool> AttachAsync(Func<Crew, Task> watch)
    {
        var life = await EnterAsync();
        var crew = Crew;
        Interlocked.Increment(ref _attached);
        Interlocked.Decrement(ref _underWay);
        try
        {
            await watch(crew);
            return true;
        }
        catch (OperationCanceledException) when (crew.Leaving.IsCancellationRequested)
        {
            return false;
        }
        catch (MacpException e) when (life.IsEnding && e is MacpTransportException or MacpRetryException)
        {
            return false;
        }
        finally
        {
            Interlocked.Decrement(ref _attached);
        }
    }

    async Task<Life> EnterAsync()
    {
        while (true)
        {
            var open = _open;
            await open.Task;
            Interlocked.Increment(ref _underWay);
            // Closed in between: whoever closed may not have seen this.
            if (_open == open) return Life;
            Interlocked.Decrement(ref _underWay);
        }
    }

    static async Task UntilNoneAsync(Func<int> count, string what)
    {
        var until = DateTime.UtcNow + Patience;
        while (count() > 0)
        {
            Assert.True(DateTime.UtcNow < until, $"{count()} {what} never end");
            await Task.Delay(5);
        }
    }
}
