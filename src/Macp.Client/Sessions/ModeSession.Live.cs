using System.Runtime.CompilerServices;
using Macp.Modes;
using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>The session as it lives: followed in the background, from its history on until its end.</summary>
public abstract partial class ModeSession<TProjection> : IAsyncDisposable
{
    // What a timer takes.
    static readonly TimeSpan LongestCheck = TimeSpan.FromDays(49);

    LiveFeed? _live;

    /// <summary>
    /// How the session stands, as far as is known here: as its stream tells while it is followed, else as the last ack said. Unspecified before anything
    /// is known. An end is for good.
    /// </summary>
    public SessionState State => _feed.State;

    /// <summary>Whether the session is attached: followed in the background.</summary>
    public bool IsAttached => _live is { IsEnded: false };

    /// <summary>
    /// What has happened in the session since it was attached, and what goes on happening, for as many readers as there are: each begins with the first change,
    /// and ends behind the last one when the session ends or is detached. The projection may be ahead of a slow reader. Where the following fails, so does the
    /// enumeration, once it has told what came before.
    /// </summary>
    /// <exception cref="MacpException">On enumeration: the session was never attached; or whatever ended the following.</exception>
    public IAsyncEnumerable<LiveChange> Changes => ReadChangesAsync();

    /// <summary>
    /// Follows the session in the background until it ends: its history first, then what is accepted, by everybody, each message once and in the history's
    /// order, across broken connections. From now on that alone feeds the projection. Returns when the history has begun to come; from behind an ordinal,
    /// when the subscription is sent.
    /// </summary>
    /// <param name="options">Where to begin, and what to wait for; the whole history, and for nothing, when null.</param>
    /// <param name="call">The credential and the headers count.</param>
    /// <param name="cancellationToken">Ends the attaching only; <see cref="DetachAsync"/> ends what it began.</param>
    /// <exception cref="MacpException">The session follows a stream already.</exception>
    /// <exception cref="MacpConfigurationException">There is no credential, or an option cannot be.</exception>
    /// <exception cref="MacpNackException">The subscription was refused.</exception>
    /// <exception cref="MacpTransportException">The stream failed with a status that no retry mends, such as UNAUTHENTICATED or NOT_FOUND.</exception>
    /// <exception cref="MacpRetryException">It could not be opened.</exception>
    public async Task AttachAsync(FollowOptions? options = null, MacpCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        options ??= new();
        if (options.StateCheck != Timeout.InfiniteTimeSpan && (options.StateCheck <= TimeSpan.Zero || options.StateCheck > LongestCheck))
            throw new MacpConfigurationException($"StateCheck must be positive and at most {LongestCheck.Days} days, or infinite; it is {options.StateCheck}.");
        _feed.Begin();
        var live = new LiveFeed();
        live.Pulling = Task.Run(() => PullAsync(live, options, Own(call)), CancellationToken.None);
        _live = live;
        try
        {
            await live.Begun.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await live.StopAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Follows the session no more. What waits for it is told so; the projection stays as it is. Doing it again does nothing.</summary>
    public async ValueTask DetachAsync()
    {
        if (_live is { } live) await live.StopAsync().ConfigureAwait(false);
    }

    /// <summary>Detaches the session. The client stays open.</summary>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return DetachAsync();
    }

    /// <summary>
    /// Waits until something holds of the projection of a session that is followed. It is asked now, and after each message and annotation, before the next one
    /// is applied: a state that lasts for one message only is seen too.
    /// </summary>
    /// <param name="predicate">What is to hold. Short: the stream waits for its answer.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="MacpSessionEndedException">The session ended, and it does not hold.</exception>
    /// <exception cref="MacpException">It does not hold, and nothing is followed; or the following failed.</exception>
    public async Task WaitForAsync(Func<TProjection, bool> predicate, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        await _feed.WaitForAsync(() => predicate(Projection), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until an attached session ends.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How it ended: resolved, expired or cancelled.</returns>
    /// <exception cref="MacpException">The session is not attached, or was detached before its end; or the following failed.</exception>
    public async Task<SessionState> WaitForEndAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_live is { } live && !State.IsTerminal()) await live.WaitForEndAsync(cancellationToken).ConfigureAwait(false);
        return State.IsTerminal() ? State : throw new MacpException("The session is not attached, so that nothing tells when it ends: attach it.");
    }

    async IAsyncEnumerable<LiveChange> ReadChangesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var live = _live ?? throw new MacpException("The session was never attached, so that nothing tells what changes: attach it.");
        await foreach (var change in live.ReadAsync(cancellationToken).ConfigureAwait(false)) yield return change;
    }

    async Task PullAsync(LiveFeed live, FollowOptions options, MacpCallOptions call)
    {
        using var silenced = CancellationTokenSource.CreateLinkedTokenSource(live.Stopped);
        var listening = WatchSilenceAsync(live, options.StateCheck, call, silenced);
        Exception? failure = null;
        try
        {
            // An end that only an ack has told of lies behind a history that nobody has brought.
            bool isOver = options.AfterOrdinal is null && _feed.IsComplete;
            for (int endings = 0; !isOver; isOver = _feed.IsAtEnd)
            {
                int told = live.Count;
                await PullOnceAsync(live, options, call, silenced.Token).ConfigureAwait(false);
                endings = live.Count > told ? 1 : endings + 1;
                if (!_feed.IsAtEnd) await AskForEndAsync(endings, options, call, silenced.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (silenced.IsCancellationRequested)
        {
            // Detached, or ended in silence.
        }
        catch (Exception e)
        {
            failure = e;
        }
        await silenced.CancelAsync().ConfigureAwait(false);
        await listening.ConfigureAwait(false);
        _feed.End(failure);
        live.End(failure);
    }

    // Until the session's end, or the stream's.
    async Task PullOnceAsync(LiveFeed live, FollowOptions options, MacpCallOptions call, CancellationToken cancellationToken)
    {
        ulong? asked = live.Count == 0 ? options.AfterOrdinal : null;
        ulong after = asked ?? (live.Count == 0 ? _feed.LastOrdinal : _feed.DeliveredOrdinal);
        var follower = new SessionFollower(Client, SessionId, after, options, call) { Subscribed = after > 0 ? live.Begin : null };
        await foreach (var item in follower.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            await _policy.LearnAsync(item, call, cancellationToken).ConfigureAwait(false);
            string before = ((IProjection)Projection).Phase;
            if (_feed.Delivered(item) is not var (result, state)) continue;
            // Resuming behind an ordinal repeats the annotations that follow it.
            if (asked is null && item is SessionStreamItem.Annotation && result is ProjectionResult.AlreadyApplied) continue;
            live.Add(new() { Item = item, Envelope = item.Entry!, Result = result, PhaseBefore = before, Phase = ((IProjection)Projection).Phase, State = state });
        }
    }

    // Older runtimes end a stream, or leave it open, without a word of how the session stands.
    async Task AskForEndAsync(int endings, FollowOptions options, MacpCallOptions call, CancellationToken cancellationToken)
    {
        // Whatever ended the stream may have ended more for a while: a restart does.
        var session = await Client.GetSessionAsync(SessionId, call with { Retry = options.Reconnect }, cancellationToken).ConfigureAwait(false);
        if (session.IsTerminal)
        {
            _feed.Told(session.State);
            return;
        }
        if (endings > options.Reconnect.MaxRetries) throw new MacpProtocolException($"The runtime ended the stream of the session {endings} times, and says that it is {session.State}.");
        await Task.Delay(options.Reconnect.DelayBefore(endings - 1), Client.Options.TimeProvider, cancellationToken).ConfigureAwait(false);
    }

    // A runtime that streams no annotations leaves the stream of a session that has expired or was cancelled open, and silent, for ever.
    async Task WatchSilenceAsync(LiveFeed live, TimeSpan interval, MacpCallOptions call, CancellationTokenSource silenced)
    {
        if (interval == Timeout.InfiniteTimeSpan) return;
        try
        {
            SessionState told = SessionState.Unspecified;
            for (int heard = -1; ; heard = live.Count)
            {
                await Task.Delay(interval, Client.Options.TimeProvider, silenced.Token).ConfigureAwait(false);
                if (heard != live.Count)
                {
                    told = SessionState.Unspecified;
                    continue;
                }
                // Twice: what was accepted just before the end may still be on its way.
                if (told.IsTerminal()) break;
                told = await StateNowAsync(call, silenced.Token).ConfigureAwait(false);
            }
            _feed.Told(told);
            await silenced.CancelAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The session has ended otherwise, or was detached.
        }
    }

    async Task<SessionState> StateNowAsync(MacpCallOptions call, CancellationToken cancellationToken)
    {
        try
        {
            return (await Client.GetSessionAsync(SessionId, call, cancellationToken).ConfigureAwait(false)).State;
        }
        catch (MacpException)
        {
            // The stream's to say, if it lasts.
            return SessionState.Unspecified;
        }
    }
}
