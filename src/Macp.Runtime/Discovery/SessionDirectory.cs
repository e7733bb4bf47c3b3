using System.Runtime.CompilerServices;
using Macp.Wire.V1;
using EventType = Macp.Wire.V1.SessionLifecycleEvent.Types.EventType;

namespace Macp.Runtime;

/// <summary>Which sessions there are, and what happens to them, for those who may read them (decisions 18 and 24).</summary>
sealed class SessionDirectory(SessionTable sessions, LifecycleFeed feed, MacpRuntimeOptions options, Func<long> now)
{
    // Then a page is full too: with the largest session behind it, it stays below the 4 MiB that gRPC's clients take.
    const int FullPageBytes = 1 << 20;

    readonly PageTokens _tokens = new();

    /// <summary>A page of the sessions that the identity may read, by id: those that have not ended, and the others where they are asked for (decisions 22).</summary>
    public async ValueTask<Outcome<ListSessionsResponse>> ListAsync(Identity? identity, ListSessionsRequest request, bool includeFinished, CancellationToken cancellationToken)
    {
        if (identity is null) return Failure.Unauthenticated;
        if (request.PageSize < 0) return Invalid($"page_size must not be negative; it is {request.PageSize}");
        string list = $"{(includeFinished ? "all" : "live")}:{identity.Sender}";
        if (!_tokens.TryRead(list, request.PageToken, out string? last)) return Invalid("page_token is not one that leads on in this list; begin anew without one");

        int size = request.PageSize == 0 ? options.SessionsPageSize : Math.Min(request.PageSize, options.MaxSessionsPageSize);
        var page = new ListSessionsResponse();
        int bytes = 0;
        foreach (var session in sessions.After(last))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!session.IsReadableBy(identity)) continue;
            await CatchUpAsync(session).ConfigureAwait(false);
            if (session.HasEnded && !includeFinished) continue;
            if (page.Sessions.Count == size || bytes >= FullPageBytes)
            {
                page.NextPageToken = _tokens.Write(list, page.Sessions[^1].SessionId);
                return page;
            }
            if (await session.DescribeAsync(now()).ConfigureAwait(false) is not { } metadata) continue;
            page.Sessions.Add(metadata);
            bytes += metadata.CalculateSize();
        }
        return page;
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
        foreach (var session in sessions.After(""))
        {
            if (!session.IsReadableBy(identity) || session.LastBefore(position) is not { EndsSession: false } last) continue;
            var metadata = await DescribeAsync(last).ConfigureAwait(false);
            yield return new() { Event = new() { EventType = EventType.Created, Session = metadata, ObservedAtUnixMs = metadata.StartedAtUnixMs } };
            cancellationToken.ThrowIfCancellationRequested();
        }
        await foreach (var happened in feed.ReadAsync(position, cancellationToken).ConfigureAwait(false))
        {
            if (!happened.Session.IsReadableBy(identity)) continue;
            var metadata = await DescribeAsync(happened).ConfigureAwait(false);
            yield return new() { Event = new() { EventType = happened.Type, Session = metadata, ObservedAtUnixMs = happened.ObservedAt } };
        }
    }

    /// <summary>The metadata as it is by now, with the state that the event brought about.</summary>
    async ValueTask<SessionMetadata> DescribeAsync(LifecycleEvent happened)
    {
        var session = happened.Session;
        var metadata = await session.DescribeAsync(now()).ConfigureAwait(false) ?? new() { SessionId = session.Id, Mode = session.Mode };
        metadata.State = happened.State;
        return metadata;
    }

    /// <summary>What has come due is noticed by whoever looks.</summary>
    async ValueTask CatchUpAsync(Session session)
    {
        long clock = now();
        if (session.NextDueAt <= clock) await session.CatchUpAsync(clock).ConfigureAwait(false);
    }

    static Failure Invalid(string reason) => new(FailureKind.InvalidArgument, $"INVALID_REQUEST: {reason}");
}
