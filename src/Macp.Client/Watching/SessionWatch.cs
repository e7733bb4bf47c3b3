using System.Runtime.CompilerServices;
using Macp.Grpc;
using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>
/// One enumeration of a <see cref="SessionLifecycleWatcher"/>. The wire does not say where what is there ends and what happens begins, nor what ended while
/// nobody watched: so that the sessions are listed, before the first stream and once each later one has begun. What a list says of an end came
/// before, or will come by the stream as well and is known by then; what it does not say, the stream will.
/// </summary>
sealed class SessionWatch(MacpClient client, WatchOptions options)
    : Watch<WatchSessionsRequest, WatchSessionsResponse, SessionChange>(client, options, RuntimeMethods.WatchSessions)
{
    readonly SessionLedger _ledger = new(client.Options.TimeProvider.GetUtcNow());

    // The watch itself decides what is asked again, and when.
    readonly MacpCallOptions _call = (options.Call ?? new()) with { Retry = MacpRetryPolicy.None };
    bool _hasBegun;

    protected override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        // The watch begins with the first stream that opens: what is there is listed before each attempt at it.
        if (_hasBegun) return;
        var there = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var session in ListAsync(includeFinished: false, cancellationToken).ConfigureAwait(false))
            if (!session.IsTerminal) there.Add(session.SessionId);
        _ledger.Begin(there);
    }

    protected override async IAsyncEnumerable<SessionChange> CatchUpAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _ledger.StreamBegins();
        if (!_hasBegun)
        {
            _hasBegun = true;
            yield break;
        }

        var unlisted = _ledger.Open.ToHashSet(StringComparer.Ordinal);
        await foreach (var session in ListAsync(Options.FindMissed, cancellationToken).ConfigureAwait(false))
        {
            unlisted.Remove(session.SessionId);
            foreach (var missed in _ledger.Listed(session.Metadata)) yield return missed;
        }
        foreach (string id in unlisted)
        {
            var session = await AskAsync(id, cancellationToken).ConfigureAwait(false);
            foreach (var missed in session is null ? [_ledger.Missing(id)] : _ledger.Listed(session.Metadata)) yield return missed;
        }
    }

    protected override IEnumerable<SessionChange> Heard(WatchSessionsResponse response) => response.Event switch
    {
        null => [],
        // An older runtime tells so of a session that it has just dropped. Which one it was, only a look at all of them tells.
        { Session: null } => throw new MacpTransportException(GrpcStatusCode.ResourceExhausted, "WatchSessions told of a change without its session."),
        var happened => _ledger.Heard(SessionChange.Of(happened)),
    };

    /// <summary>What the runtime says of a session; null when it says nothing, or not to this caller.</summary>
    async Task<SessionInfo?> AskAsync(string sessionId, CancellationToken cancellationToken)
    {
        try
        {
            return await Client.GetSessionAsync(sessionId, _call, cancellationToken).ConfigureAwait(false);
        }
        catch (MacpTransportException e) when (e.StatusCode is GrpcStatusCode.NotFound or GrpcStatusCode.PermissionDenied)
        {
            return null;
        }
        catch (MacpTimeoutException e)
        {
            throw Interrupted(e);
        }
    }

    async IAsyncEnumerable<SessionInfo> ListAsync(bool includeFinished, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var sessions = Client.ListSessionsAsync(includeFinished, call: _call, cancellationToken: cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync().ConfigureAwait(false)) yield return sessions.Current;

        async ValueTask<bool> NextAsync()
        {
            try
            {
                return await sessions.MoveNextAsync().ConfigureAwait(false);
            }
            catch (MacpTransportException e) when (e is MacpTimeoutException or { StatusCode: GrpcStatusCode.InvalidArgument })
            {
                // No size and no token of the caller's stands in the request: the runtime has restarted between two pages.
                throw Interrupted(e);
            }
        }
    }

    // Whatever opens a broken stream again does for this.
    static MacpTransportException Interrupted(MacpException e) => new(GrpcStatusCode.Unavailable, e.Message, e);
}
