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
    readonly Reopening _reopening = new(client, sessionId, options.Reconnect, call);
    ulong _ordinal = afterOrdinal;
    int _absences;
    bool _exists;

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
                _exists = true;
                _reopening.Heard();
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
        _reopening.Opening();
        var stream = await client.OpenStreamAsync(call, cancellationToken).ConfigureAwait(false);
        try
        {
            await stream.SubscribeAsync(sessionId, _ordinal, cancellationToken).ConfigureAwait(false);
            _reopening.Opened();
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
    TimeSpan? WaitAfter(MacpException failure) =>
        IsAbsence(failure) && !_exists && MayWaitForSession() ? options.Reconnect.DelayBefore(_absences++) : _reopening.WaitAfter(failure);

    bool MayWaitForSession() => options.WaitForSession == Timeout.InfiniteTimeSpan || _time.GetElapsedTime(_began) < options.WaitForSession;

    static bool IsAbsence(MacpException failure) =>
        failure is MacpTransportException { StatusCode: GrpcStatusCode.NotFound } || (failure is MacpNackException nack && nack.Code == ErrorCode.SessionNotFound);
}
