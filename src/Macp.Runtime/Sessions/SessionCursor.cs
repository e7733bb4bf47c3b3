using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Macp.Runtime;

/// <summary>
/// A place in a session's history from which one reader goes on at its own pace, past what is there to what is yet to come, and ends after the
/// session's last item (decisions 20). It sees durable records only. For one reader at a time; there is nothing to dispose of.
/// </summary>
public sealed class SessionCursor
{
    readonly HistoryRecord[] _batch = new HistoryRecord[32];
    readonly Session _session;
    readonly bool _includeAnnotations;
    long _position;
    int _next, _read;
    bool _ended;

    SessionCursor(Session session, long position, bool includeAnnotations) =>
        (_session, _position, _includeAnnotations) = (session, position, includeAnnotations);

    /// <summary>Takes the next record if it was read from the history already, without waiting.</summary>
    public bool TryRead([NotNullWhen(true)] out HistoryRecord? record)
    {
        while (_next < _read)
        {
            record = _batch[_next++];
            _ended |= record.EndsSession;
            if (_includeAnnotations || !record.IsAnnotation) return true;
        }
        record = null;
        return false;
    }

    /// <summary>
    /// Reads on, waiting as long as there is nothing. True: <see cref="TryRead"/> may have records (it has none when all that came were
    /// annotations that nobody asked for). False: the session has ended, and everything was read.
    /// </summary>
    /// <exception cref="OperationCanceledException">The reader gave up; it may call again.</exception>
    /// <exception cref="HistoryDamagedException">Everything that can be read was read, and the rest is damaged.</exception>
    public async ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default)
    {
        while (_next == _read)
        {
            if (_ended) return false;
            var grown = _session.Grown.Next();
            if (await FillAsync(cancellationToken).ConfigureAwait(false)) break;
            // Nothing follows, and nobody knows whether that is all.
            if (_session.History.IsReadOnly) throw new HistoryDamagedException();
            await grown.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        return true;
    }

    /// <summary>Reads on without waiting for what is yet to come. True: <see cref="TryRead"/> may have records. False: there are no more now.</summary>
    public async ValueTask<bool> HasMoreNowAsync(CancellationToken cancellationToken = default) =>
        _next < _read || (!_ended && await FillAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>How many of the session's records, annotations included, stand before the next one that is read.</summary>
    public long Position => _position - (_read - _next);

    /// <summary>Whether the session's last record was read: nothing can follow.</summary>
    public bool HasEnded => _ended && _next == _read;

    /// <summary>Reads to the end of the session.</summary>
    public async IAsyncEnumerable<HistoryRecord> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            while (TryRead(out var record))
                yield return record;
    }

    internal static async ValueTask<SessionCursor> OpenAsync(
        Session session, long afterOrdinal, bool includeAnnotations, CancellationToken cancellationToken)
    {
        long position = await session.History.SeekAsync(afterOrdinal, cancellationToken).ConfigureAwait(false);
        var cursor = new SessionCursor(session, position, includeAnnotations);
        // Whoever has read the last item already must not wait for another.
        if (position > 0) cursor._ended = await EndsAtAsync(session.History, position - 1, cancellationToken).ConfigureAwait(false);
        return cursor;
    }

    static async ValueTask<bool> EndsAtAsync(ISessionHistory history, long position, CancellationToken cancellationToken)
    {
        var last = new HistoryRecord[1];
        return await history.ReadAsync(position, last, cancellationToken).ConfigureAwait(false) == 1 && last[0].EndsSession;
    }

    async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        (_next, _read) = (0, await _session.History.ReadAsync(_position, _batch, cancellationToken).ConfigureAwait(false));
        _position += _read;
        return _read > 0;
    }
}
