using System.Runtime.CompilerServices;
using Macp.Wire.V1;
using EventType = Macp.Wire.V1.SessionLifecycleEvent.Types.EventType;

namespace Macp.Runtime;

/// <summary>Which sessions there are, and what happens to them, for those who may read them (decisions 18 and 24).</summary>
sealed class SessionDirectory(
    SessionTable sessions, SessionFinder finder, IHistory history, LifecycleFeed feed, MacpRuntimeOptions options, Func<long> now, Action<string, Exception> fault)
{
    // In bytes: half of what clients of gRPC take. A session says as much about itself as its participants' names are long.
    const int LargestPage = 2 * 1024 * 1024;

    readonly PageTokens _tokens = new();

    /// <summary>A page of the sessions that the identity may read, by id: those that have not ended, and the others where they are asked for (decisions 22).</summary>
    public async ValueTask<Outcome<ListSessionsResponse>> ListAsync(Identity? identity, ListSessionsRequest request, bool includeFinished, CancellationToken cancellationToken)
    {
        if (identity is null) return Failure.Unauthenticated;
        if (request.PageSize < 0) return Invalid($"page_size must not be negative; it is {request.PageSize}");
        string list = $"{(includeFinished ? "all" : "live")}:{identity.Sender}";
        if (!_tokens.TryRead(list, request.PageToken, out string? last)) return Invalid("page_token is not one that leads on in this list; begin anew without one");

        int size = request.PageSize == 0 ? options.SessionsPageSize : Math.Min(request.PageSize, options.MaxSessionsPageSize);
        try
        {
            return await ListAsync(identity, list, last, size, includeFinished, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            fault("", e);
            return Failure.NotReadable;
        }
    }

    async ValueTask<ListSessionsResponse> ListAsync(Identity identity, string list, string last, int size, bool includeFinished, CancellationToken cancellationToken)
    {
        int bytes = 0;
        var page = new ListSessionsResponse();
        foreach (string id in ReadableBy(identity, last, includeFinished))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if ((await finder.FindAsync(id, cancellationToken).ConfigureAwait(false)).Value is not { } session || !session.IsReadableBy(identity) || !IsAskedFor(session)) continue;
            // Then what has come due is noticed, and what waits for the history has happened or not: it may have ended.
            if (await DescribeAsync(session).ConfigureAwait(false) is not { } metadata || !IsAskedFor(session)) continue;
            bytes += metadata.CalculateSize();
            if (page.Sessions.Count == size || (page.Sessions.Count > 0 && bytes > LargestPage))
            {
                page.NextPageToken = _tokens.Write(list, page.Sessions[^1].SessionId);
                return page;
            }
            page.Sessions.Add(metadata);
        }
        return page;

        bool IsAskedFor(Session session) => includeFinished || !session.HasEnded;
    }

    /// <summary>
    /// A CREATED for every session that is open or suspended now, then whatever happens, each once. A watcher that is too slow has to begin anew. Ends
    /// by cancellation otherwise.
    /// </summary>
    /// <exception cref="FellBehindException">The watcher is too slow.</exception>
    public Outcome<IAsyncEnumerable<WatchSessionsResponse>> Watch(Identity? identity) =>
        identity is null ? Failure.Unauthenticated : Outcome.Of(WatchAsync(identity, feed.End));

    async IAsyncEnumerable<WatchSessionsResponse> WatchAsync(Identity identity, long position, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (string id in sessions.ReadableBy(identity))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!sessions.TryFind(id, out var session) || !session.IsReadableBy(identity) || session.LastBefore(position) is not { EndsSession: false } last) continue;
            var metadata = await DescribeAsync(last).ConfigureAwait(false);
            yield return new() { Event = new() { EventType = EventType.Created, Session = metadata, ObservedAtUnixMs = session.StartedAt } };
        }
        await foreach (var happened in feed.ReadAsync(position, cancellationToken).ConfigureAwait(false))
        {
            if (!SessionReaders.Include(identity, happened.Context)) continue;
            var metadata = await DescribeAsync(happened).ConfigureAwait(false);
            yield return new() { Event = new() { EventType = happened.Type, Session = metadata, ObservedAtUnixMs = happened.ObservedAt } };
        }
    }

    /// <summary>The metadata as it is by now, with the state that the event brought about.</summary>
    async ValueTask<SessionMetadata> DescribeAsync(LifecycleEvent happened)
    {
        var session = (await finder.FindAsync(happened.Context.SessionId).ConfigureAwait(false)).Value;
        var metadata = session is null ? null : await DescribeAsync(session).ConfigureAwait(false);
        metadata ??= new() { SessionId = happened.Context.SessionId, Mode = happened.Context.Mode, StartedAtUnixMs = happened.StartedAt };
        metadata.State = happened.State;
        return metadata;
    }

    IEnumerable<string> ReadableBy(Identity identity, string afterId, bool includeFinished) =>
        includeFinished ? AllReadableBy(identity, afterId) : sessions.ReadableBy(identity, afterId);

    /// <summary>
    /// A few of those in memory and what the history has up to there, again and again, in this order: what has left memory by the one look is seen by the other.
    /// </summary>
    IEnumerable<string> AllReadableBy(Identity identity, string afterId)
    {
        const int AtATime = 256;
        while (true)
        {
            string[] held = [.. sessions.ReadableBy(identity, afterId).Take(AtATime)];
            var finished = history.FinishedAfter(identity.IsObserver ? null : identity.Sender, afterId);
            string? last = held.Length == AtATime ? held[^1] : null;
            foreach (string id in OrdinalMerge.Of([held, finished.TakeWhile(id => last is null || string.CompareOrdinal(id, last) <= 0)])) yield return id;
            if (last is null) yield break;
            afterId = last;
        }
    }

    /// <summary>A session's metadata; null when nothing can be said of it. Asked again when records were lost meanwhile: what is left is there to be told.</summary>
    async ValueTask<SessionMetadata?> DescribeAsync(Session session) =>
        await session.DescribeAsync(now()).ConfigureAwait(false) ?? await session.DescribeAsync(now()).ConfigureAwait(false);

    static Failure Invalid(string reason) => new(FailureKind.InvalidArgument, $"INVALID_REQUEST: {reason}");
}
