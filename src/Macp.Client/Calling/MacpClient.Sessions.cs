using System.Runtime.CompilerServices;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>The sessions that the caller may read: which there are, what happens to them, and what is said in one.</summary>
public sealed partial class MacpClient
{
    /// <summary>The sessions that the caller may read, by id. Pages are asked for as they are needed, each like a call of its own.</summary>
    /// <param name="includeFinished">Whether those that have ended are listed too.</param>
    /// <param name="pageSize">How many sessions a page holds at most; 0 to leave it to the runtime.</param>
    /// <param name="call">What the calls do otherwise.</param>
    /// <param name="cancellationToken">Ends the enumeration with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="MacpTransportException">On enumeration: a call failed, with INVALID_ARGUMENT when the runtime has restarted between two pages.</exception>
    /// <exception cref="MacpProtocolException">On enumeration: the runtime's pages lead in a circle.</exception>
    public async IAsyncEnumerable<SessionInfo> ListSessionsAsync(
        bool includeFinished = false, int pageSize = 0, MacpCallOptions? call = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var tokens = new HashSet<string>(StringComparer.Ordinal);
        string token = "";
        do
        {
            var page = await ListSessionsPageAsync(token, includeFinished, pageSize, call, cancellationToken).ConfigureAwait(false);
            foreach (var session in page.Sessions)
            {
                yield return session;
                cancellationToken.ThrowIfCancellationRequested();
            }
            token = page.NextPageToken;
            if (!tokens.Add(token)) throw new MacpProtocolException("ListSessions was answered with a page token for the second time; its pages lead in a circle.");
        }
        while (token.Length != 0);
    }

    /// <summary>One page of the sessions that the caller may read, by id.</summary>
    /// <param name="pageToken">What the page before said; empty for the first page.</param>
    /// <param name="includeFinished">Whether those that have ended are listed too; the same for all pages of a list.</param>
    /// <param name="pageSize">How many sessions it holds at most; 0 to leave it to the runtime.</param>
    /// <param name="call">What this call does otherwise.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="MacpTransportException">The call failed, with INVALID_ARGUMENT when the token leads on no more, or the size is negative.</exception>
    public async Task<SessionPage> ListSessionsPageAsync(
        string pageToken = "", bool includeFinished = false, int pageSize = 0, MacpCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        var auth = RequireAuth(call, "ListSessions");
        var request = new ListSessionsRequest { PageSize = pageSize, PageToken = pageToken };
        var page = await ReadAsync(RuntimeMethods.ListSessions, request, auth, includeFinished ? AskingForFinished(call) : call, cancellationToken).ConfigureAwait(false);
        return new([.. page.Sessions.Select(SessionInfo.Of)], page.NextPageToken);
    }

    /// <summary>
    /// Watches the sessions that the caller may read: a change that says CREATED for each one that is there, then whatever happens. One stream: when it
    /// breaks the enumeration fails; watch again then, and the first changes tell how things stand. A
    /// <see cref="SessionLifecycleWatcher"/> does, and tells what was missed.
    /// </summary>
    /// <param name="call">The credential and the headers count; a timeout does not.</param>
    /// <param name="cancellationToken">Ends the enumeration with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="MacpTransportException">
    /// On enumeration: the stream failed, with RESOURCE_EXHAUSTED when the watcher fell behind and changes were lost to it, with UNAVAILABLE when the runtime
    /// stopped or was not reached, with UNAUTHENTICATED when it does not know the credential.
    /// </exception>
    public async IAsyncEnumerable<SessionChange> WatchSessionsAsync(
        MacpCallOptions? call = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var responses = _connection.WatchAsync(RuntimeMethods.WatchSessions, new(), RequireAuth(call, "WatchSessions"), call, cancellationToken);
        // A runtime may leave out a session that it no longer keeps; nobody could tell which one it was.
        await foreach (var response in responses.ConfigureAwait(false))
            if (response.Event is { Session: not null } happened) yield return SessionChange.Of(happened);
    }

    /// <summary>
    /// Follows a session of whatever mode across broken connections: its history, then what is accepted from now on, each envelope once. Ends behind the
    /// session's last item. A generated session's <c>FollowAsync</c> keeps its projection too.
    /// </summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="options">Where to begin, and what to wait for; at the beginning, and for nothing, when null.</param>
    /// <param name="call">The credential and the headers count.</param>
    /// <param name="cancellationToken">Ends the enumeration with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="MacpNackException">On enumeration: the subscription was refused.</exception>
    /// <exception cref="MacpTransportException">On enumeration: the stream failed with a status that no retry mends, such as PERMISSION_DENIED or NOT_FOUND.</exception>
    /// <exception cref="MacpRetryException">On enumeration: it could not be opened again.</exception>
    public async IAsyncEnumerable<SessionStreamItem> FollowSessionAsync(
        string sessionId, FollowOptions? options = null, MacpCallOptions? call = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        options ??= new();
        // It remembers how far it came, so that each enumeration needs its own.
        var follower = new SessionFollower(this, sessionId, options.AfterOrdinal ?? 0, options, call ?? new());
        await foreach (var item in follower.ReadAllAsync(cancellationToken).ConfigureAwait(false)) yield return item;
    }

    static MacpCallOptions AskingForFinished(MacpCallOptions? call)
    {
        call ??= new();
        return call with { Headers = new Dictionary<string, string>(call.Headers ?? new Dictionary<string, string>()) { [MacpProtocol.FinishedSessionsHeader] = "1" } };
    }
}
