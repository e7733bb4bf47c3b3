using System.Runtime.CompilerServices;

namespace Macp.Client;

/// <summary>
/// Watches something of a runtime across broken connections. Nothing is sent before somebody watches; each enumeration, and each call, watches for
/// itself, on a stream of its own, and ends that when it is left.
/// </summary>
/// <typeparam name="T">What is told.</typeparam>
public abstract class MacpWatcher<T>
    where T : class
{
    internal MacpWatcher(MacpClient client, WatchOptions? options)
    {
        ArgumentNullException.ThrowIfNull(client);
        (Client, Options) = (client, options ?? new());
    }

    /// <summary>The connection.</summary>
    public MacpClient Client { get; }

    /// <summary>How it watches.</summary>
    public WatchOptions Options { get; }

    /// <summary>
    /// What was there at the start, then what happens. Broken streams are opened again as <see cref="WatchOptions.Reconnect"/> says, and when that opens none
    /// the enumeration ends, as the last stream did: with its failure, or quietly after an OK.
    /// </summary>
    /// <param name="cancellationToken">Ends the enumeration with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="MacpTransportException">On enumeration: the stream failed with a status that no retry mends, such as UNAUTHENTICATED.</exception>
    /// <exception cref="MacpRetryException">On enumeration: it could not be opened again.</exception>
    /// <exception cref="MacpConfigurationException">On enumeration: there is no credential.</exception>
    public async IAsyncEnumerable<T> Changes([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // It remembers what it told, so that each enumeration needs its own.
        await foreach (var told in Begin(cancellationToken).ConfigureAwait(false)) yield return told;
    }

    /// <summary>Hands everything to a handler, one at a time, until the watch ends.</summary>
    /// <param name="handler">Gets what is told, and this call's token. What it throws ends the watch, and is thrown.</param>
    /// <param name="cancellationToken">Ends the watch with <see cref="OperationCanceledException"/>.</param>
    /// <inheritdoc cref="Changes" path="/exception"/>
    public async Task WatchAsync(Func<T, CancellationToken, Task> handler, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        await foreach (var told in Begin(cancellationToken).ConfigureAwait(false)) await handler(told, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="WatchAsync(Func{T, CancellationToken, Task}, CancellationToken)"/>
    public Task WatchAsync(Func<T, Task> handler, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return WatchAsync((told, _) => handler(told), cancellationToken);
    }

    /// <inheritdoc cref="WatchAsync(Func{T, CancellationToken, Task}, CancellationToken)"/>
    public Task WatchAsync(Action<T> handler, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return WatchAsync((told, _) =>
        {
            handler(told);
            return Task.CompletedTask;
        }, cancellationToken);
    }

    /// <summary>The next thing that happens from now on. What is there already is not it; between two calls nobody watches.</summary>
    /// <param name="cancellationToken">Ends the wait with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="MacpException">The runtime ended the watch before anything happened; nothing opens it again where <see cref="WatchOptions.Reconnect"/> forbids that.</exception>
    /// <inheritdoc cref="Changes" path="/exception"/>
    public Task<T> NextAsync(CancellationToken cancellationToken = default) => FirstAsync(told => !IsSnapshot(told), cancellationToken);

    /// <summary>The first thing that a watch tells: what is there, and where nothing is there the next thing that happens.</summary>
    /// <inheritdoc cref="NextAsync" path="/param|/exception"/>
    public Task<T> FirstAsync(CancellationToken cancellationToken = default) => FirstAsync(_ => true, cancellationToken);

    internal abstract IAsyncEnumerable<T> Begin(CancellationToken cancellationToken);

    /// <summary>Whether this was there when the watch began, and is nothing that happened.</summary>
    internal virtual bool IsSnapshot(T told) => false;

    async Task<T> FirstAsync(Predicate<T> wanted, CancellationToken cancellationToken)
    {
        await foreach (var told in Begin(cancellationToken).ConfigureAwait(false))
            if (wanted(told)) return told;
        throw new MacpException("The runtime ended the watch before it told what was waited for.");
    }
}
