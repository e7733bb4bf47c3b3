namespace Macp.Runtime;

/// <summary>Touches now and then what nobody else touches. A sweep that takes longer than the interval delays the next.</summary>
sealed class Sweeper(Func<Task> sweep, TimeProvider time, TimeSpan interval, Action<string, Exception> fault) : IAsyncDisposable
{
    readonly CancellationTokenSource _stop = new();
    Task _running = Task.CompletedTask;

    public void Start() => _running = RunAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
    }

    async Task RunAsync()
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            do await SweepAsync().ConfigureAwait(false);
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    async Task SweepAsync()
    {
        try
        {
            await sweep().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            fault("", e);
        }
    }
}
