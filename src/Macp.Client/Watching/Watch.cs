using System.Runtime.CompilerServices;
using Google.Protobuf;
using Macp.Grpc;

namespace Macp.Client;

/// <summary>One enumeration of a watcher: stream after stream, as one telling.</summary>
abstract class Watch<TRequest, TResponse, T>(MacpClient client, WatchOptions options, GrpcMethod<TRequest, TResponse> method)
    where TRequest : class, IMessage<TRequest>, IBufferMessage, new()
    where TResponse : class, IMessage<TResponse>, IBufferMessage
{
    readonly TimeProvider _time = client.Options.TimeProvider;
    int _failures;
    bool _renewed;
    long? _opened;

    protected MacpClient Client => client;

    protected WatchOptions Options => options;

    public async IAsyncEnumerable<T> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (true)
        {
            TimeSpan? wait = null;
            await using (var stream = StreamAsync(cancellationToken).GetAsyncEnumerator(cancellationToken))
            {
                while (true)
                {
                    try
                    {
                        if (!await stream.MoveNextAsync().ConfigureAwait(false)) break;
                    }
                    catch (MacpException failure)
                    {
                        CountAnewAfterLong();
                        wait = WaitAfter(failure);
                        if (wait is null) throw;
                        break;
                    }
                    yield return stream.Current;
                }
            }

            // A slow reader's stream ends with OK where the runtime is an older one (runtime-semantics 3.6).
            if (wait is null)
            {
                CountAnewAfterLong();
                wait = NextWait();
            }
            if (wait is null) yield break;
            await Task.Delay(wait.Value, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Runs before each stream is opened.</summary>
    protected virtual Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Runs when a stream has begun, before anything that comes by it is read.</summary>
    protected virtual IAsyncEnumerable<T> CatchUpAsync(CancellationToken cancellationToken) => AsyncEnumerable.Empty<T>();

    /// <summary>What this means to whoever watches.</summary>
    protected abstract IEnumerable<T> Heard(TResponse response);

    async IAsyncEnumerable<T> StreamAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _opened = null;
        await PrepareAsync(cancellationToken).ConfigureAwait(false);
        await using var call = await client.OpenWatchAsync(method, options.Call, cancellationToken).ConfigureAwait(false);
        _opened = _time.GetTimestamp();
        await foreach (var missed in CatchUpAsync(cancellationToken).ConfigureAwait(false)) yield return missed;
        while (await call.ReadAsync(cancellationToken).ConfigureAwait(false) is { } response)
        {
            (_failures, _renewed) = (0, false);
            foreach (var told in Heard(response))
            {
                yield return told;
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>How long to wait before the next stream; null when the failure is final.</summary>
    TimeSpan? WaitAfter(MacpException failure)
    {
        if (!_renewed && client.CanRenew(failure, options.Call)) return Reopening(failure, TimeSpan.Zero, renewed: true);
        if (!options.Reconnect.Retries(failure)) return null;
        if (NextWait() is { } wait) return Reopening(failure, wait, _renewed);
        return options.Reconnect.MaxRetries > 0 ? throw new MacpRetryException(_failures + 1, failure) : null;
    }

    TimeSpan Reopening(MacpException failure, TimeSpan wait, bool renewed)
    {
        _renewed = renewed;
        client.Telemetry.Reconnecting(method.Name, wait, failure);
        return wait;
    }

    TimeSpan? NextWait() => _failures < options.Reconnect.MaxRetries ? options.Reconnect.DelayBefore(_failures++) : null;

    // A runtime that has nothing to tell for days is well all the same.
    void CountAnewAfterLong()
    {
        if (_opened is not { } opened) return;
        var held = _time.GetElapsedTime(opened);
        if (held > options.Reconnect.MaxDelay) _failures = 0;
        if (held > FollowOptions.TokenLife) _renewed = false;
    }
}
