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
    readonly Reopening _reopening = new(client, method.Name, options.Reconnect, options.Call);

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
                        wait = _reopening.WaitAfter(failure);
                        if (wait is null) throw;
                        break;
                    }
                    yield return stream.Current;
                }
            }

            // A slow reader's stream ends with OK where the runtime is an older one (runtime-semantics 3.6).
            wait ??= _reopening.WaitAfterEnd();
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
        _reopening.Opening();
        await PrepareAsync(cancellationToken).ConfigureAwait(false);
        await using var call = await client.OpenWatchAsync(method, options.Call, cancellationToken).ConfigureAwait(false);
        _reopening.Opened();
        await foreach (var missed in CatchUpAsync(cancellationToken).ConfigureAwait(false)) yield return missed;
        while (await call.ReadAsync(cancellationToken).ConfigureAwait(false) is { } response)
        {
            _reopening.Heard();
            foreach (var told in Heard(response))
            {
                yield return told;
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }
}
