using System.Runtime.CompilerServices;
using Macp.Grpc;
using Macp.Protocol;

namespace Macp.Client;

/// <summary>
/// Reads a session's history and its live messages across broken connections: each accepted envelope once, in order. It only subscribes
/// and never sends, so whatever the runtime refuses is the subscription, and ends it.
/// </summary>
sealed class SessionFollower(MacpClient client, string sessionId, ulong afterOrdinal, FollowOptions options, MacpCallOptions call)
{
    readonly TimeProvider _time = client.Options.TimeProvider;
    readonly HashSet<string> _annotations = new(StringComparer.Ordinal);
    readonly long _began = client.Options.TimeProvider.GetTimestamp();
    ulong _ordinal = afterOrdinal;
    long? _opened;
    int _failures, _absences;
    bool _exists, _renewed;

    /// <summary>Runs whenever the subscription is sent.</summary>
    public Action? Subscribed { get; init; }

    public async IAsyncEnumerable<SessionStreamItem> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        MacpStream? stream = null;
        try
        {
            while (true)
            {
                SessionStreamItem? item;
                try
                {
                    stream ??= await SubscribeAsync(cancellationToken).ConfigureAwait(false);
                    item = await stream.ReadAsync(cancellationToken).ConfigureAwait(false);
                    if (item is SessionStreamItem.InlineError refused) throw new MacpNackException(refused.Error);
                }
                catch (MacpException failure)
                {
                    if (WaitAfter(failure) is not { } wait) throw;
                    if (stream is not null) await stream.DisposeAsync().ConfigureAwait(false);
                    stream = null;
                    await Task.Delay(wait, _time, cancellationToken).ConfigureAwait(false);
                    continue;
                }

                if (item is null) yield break;
                (_failures, _exists, _renewed) = (0, true, false);
                if (item is SessionStreamItem.Accepted { Ordinal: { } ordinal }) _ordinal = ordinal;
                // Resuming behind an ordinal repeats the annotations that follow it.
                if (item is SessionStreamItem.Annotation { Envelope.MessageId: var id } && !_annotations.Add(id)) continue;
                yield return item;
                // Nothing can follow, and an older runtime leaves the stream open.
                if (item.Entry is { } entry && SessionStates.After(entry).IsTerminal()) yield break;
            }
        }
        finally
        {
            if (stream is not null) await stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    async Task<MacpStream> SubscribeAsync(CancellationToken cancellationToken)
    {
        _opened = null;
        var stream = await client.OpenStreamAsync(call, cancellationToken).ConfigureAwait(false);
        try
        {
            await stream.SubscribeAsync(sessionId, _ordinal, cancellationToken).ConfigureAwait(false);
            _opened = _time.GetTimestamp();
            Subscribed?.Invoke();
            return stream;
        }
        catch (MacpException e) when (e.InnerException is GrpcException { Status.IsOk: true })
        {
            // It has ended already, which the first read tells.
            return stream;
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>How long to wait before the next attempt; null when the failure is final.</summary>
    TimeSpan? WaitAfter(MacpException failure)
    {
        // A session in which nothing is said for long is well all the same.
        var held = _opened is { } opened ? _time.GetElapsedTime(opened) : TimeSpan.Zero;
        if (held > options.Reconnect.MaxDelay) _failures = 0;
        if (held > FollowOptions.TokenLife) _renewed = false;
        if (IsAbsence(failure) && !_exists && MayWaitForSession()) return options.Reconnect.DelayBefore(_absences++);
        if (!_renewed && client.CanRenew(failure, call)) return Reopened(failure, TimeSpan.Zero, renewed: true);
        if (options.Reconnect.MaxRetries <= 0 || !options.Reconnect.Retries(failure)) return null;
        if (_failures < options.Reconnect.MaxRetries) return Reopened(failure, options.Reconnect.DelayBefore(_failures++), _renewed);
        throw new MacpRetryException(_failures + 1, failure);
    }

    TimeSpan Reopened(MacpException failure, TimeSpan wait, bool renewed)
    {
        _renewed = renewed;
        client.Telemetry.Reconnecting(sessionId, wait, failure);
        return wait;
    }

    bool MayWaitForSession() => options.WaitForSession == Timeout.InfiniteTimeSpan || _time.GetElapsedTime(_began) < options.WaitForSession;

    static bool IsAbsence(MacpException failure) =>
        failure is MacpTransportException { StatusCode: GrpcStatusCode.NotFound } || (failure is MacpNackException nack && nack.Code == ErrorCode.SessionNotFound);
}
