using Macp.Client;
using Spectre.Console;

namespace Macp.Cli.Live;

/// <summary>The sessions of a runtime in a terminal, as they come and go. A runtime that restarts is waited for.</summary>
static class Dashboard
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Shows them until it is cancelled, or the runtime is gone for minutes.</summary>
    public static Task RunAsync(IAnsiConsole console, MacpClient client, TimeProvider time, CancellationToken cancellationToken)
    {
        var board = new SessionBoard();
        return console.Live(Picture()).Overflow(VerticalOverflow.Crop).StartAsync(async live =>
        {
            // A runtime that is not there at the start, or takes no such credential, is told at once.
            await foreach (var _ in client.ListSessionsAsync(cancellationToken: cancellationToken).ConfigureAwait(false)) break;

            using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var patient = new WatchOptions();
            var watcher = new SessionLifecycleWatcher(client, patient with { Reconnect = patient.Reconnect with { MaxRetries = 100 } });
            var changes = watcher.Changes(leaving.Token).GetAsyncEnumerator(leaving.Token);
            var next = changes.MoveNextAsync().AsTask();
            try
            {
                while (true)
                {
                    await Task.WhenAny(next, Task.Delay(Second, time, leaving.Token)).ConfigureAwait(false);
                    leaving.Token.ThrowIfCancellationRequested();
                    // All that is there already is one picture.
                    for (; next.IsCompleted; next = changes.MoveNextAsync().AsTask())
                    {
                        if (!await next.ConfigureAwait(false)) return;
                        board.Take(changes.Current);
                    }
                    live.UpdateTarget(Picture());
                }
            }
            finally
            {
                await leaving.CancelAsync().ConfigureAwait(false);
                await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await changes.DisposeAsync().ConfigureAwait(false);
            }
        });

        Spectre.Console.Rendering.IRenderable Picture() => board.Render(time.GetUtcNow(), console.Profile.Height);
    }
}
