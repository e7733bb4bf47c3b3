using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>
/// The kernel of a coordination runtime: it admits envelopes, runs sessions and keeps their history. It knows no transport; a server
/// authenticates, and tells its outcomes as gRPC. Safe for threads.
/// </summary>
public sealed class MacpRuntime : IAsyncDisposable
{
    readonly MacpRuntimeOptions _options;
    readonly TimeProvider _time;
    readonly SessionTable _sessions;
    readonly SessionFinder _finder;
    readonly SessionDirectory _directory;
    readonly RateLimiter _rates;
    readonly OpenSessions _open = new();
    readonly IHistory _history;
    readonly RegistryChanges _changes;
    readonly SessionStarter _starter;
    readonly SessionRecovery _recovery;
    readonly AmbientPlane _ambient;
    readonly RuntimeCard _card;
    readonly RootList _roots;
    readonly Sweeper _sweeper;

    /// <summary>A runtime that hosts these modes. It holds the catalog as it is now; more can be registered by their descriptors.</summary>
    /// <param name="modes">The modes.</param>
    /// <param name="options">The limits; null for the defaults.</param>
    /// <param name="history">Where histories are kept; null for memory.</param>
    /// <param name="time">The clock, and the timer of the sweeper; null for the system's.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option has a value that makes no sense.</exception>
    /// <exception cref="InvalidPolicyException">One of the options' policies cannot be registered.</exception>
    public MacpRuntime(ModeCatalog modes, MacpRuntimeOptions? options = null, IHistory? history = null, TimeProvider? time = null)
    {
        _options = (options ?? new()).Validated();
        _time = time ?? TimeProvider.System;
        _rates = new(_options, _time);
        var hosted = new ModeRegistry(modes);
        var policies = new PolicyRegistry(hosted, _options.Policies);
        var feed = new LifecycleFeed();
        _history = history ?? new MemoryHistory();
        _sessions = new(_history, _options.MaxFinishedSessionsInMemory);
        _changes = new(hosted, policies, _history, OnFault);
        Modes = new(hosted, _changes, () => Now);
        Policies = new(policies, _changes, () => Now);
        _recovery = new(hosted, _sessions, feed, _open, OnFault);
        _finder = new(_sessions, _history, _recovery, OnFault);
        _starter = new(hosted, policies, _sessions, _finder, _open, feed, _history, _options, OnFault);
        _directory = new(_sessions, _finder, _history, feed, _options, () => Now, OnFault);
        _ambient = new(_finder);
        _card = new(hosted, policies);
        _roots = new(() => Now);
        _sweeper = new(_sessions.Schedule, Release, Forget, _time, _options.SweepInterval, OnFault);
    }

    /// <summary>
    /// Something broke its contract: a mode or the history threw, or a stored change of a registry cannot be made any more. Tells the session's id, empty
    /// when there is none. The sender was answered <c>INTERNAL_ERROR</c>, and the runtime goes on; this is for the log. A handler neither blocks nor throws.
    /// </summary>
    public event Action<string, Exception>? Faulted;

    /// <summary>The extension modes.</summary>
    public ModeDesk Modes { get; }

    /// <summary>The policies that sessions may be bound to.</summary>
    public PolicyDesk Policies { get; }

    /// <summary>How many sessions were taken up from earlier when it started.</summary>
    public int TakenUp { get; private set; }

    /// <summary>
    /// Takes up the registries and the sessions that the history holds from earlier, and starts the sweeper, which appends what comes due when nobody looks.
    /// What was due meanwhile comes first. Until it has returned, they are not known, and no registry is to be changed.
    /// </summary>
    public void Start()
    {
        Forget();
        _changes.Recover(_history.StoredChanges);
        var stored = _history.Stored;
        _recovery.Recover(stored, Now);
        TakenUp = stored.Count;
        _sweeper.Start();
    }

    /// <summary>
    /// Judges an envelope and, if it is accepted, appends it to its session. Every refusal is a nack with a code of the registry. The answer comes
    /// when everything that it depends on is durable; once appended, a message is not taken back by <paramref name="cancellationToken"/>.
    /// </summary>
    /// <param name="identity">Who sends; null when the caller could not be authenticated, which is told only of a well-formed envelope.</param>
    /// <param name="envelope">The envelope. It may be given equal texts in the place of its own; what the history keeps are its parts.</param>
    /// <param name="cancellationToken">Checked before anything is done.</param>
    public ValueTask<Ack> SendAsync(Identity? identity, Envelope envelope, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<Ack>(cancellationToken);
        long now = Now;
        if (Admit(identity, envelope) is { } rejection) return new(Acks.Refused(envelope, rejection, now));
        var signed = Sign(envelope, identity!.Sender);
        return signed.MessageType switch
        {
            MessageTypes.SessionStart => _starter.StartAsync(identity, signed, now),
            MessageTypes.Signal or MessageTypes.Progress => new(_ambient.Receive(signed, now)),
            _ when _sessions.TryFind(signed.SessionId, out var session) => session.ReceiveAsync(signed, now),
            _ => SendToFinishedAsync(signed, now),
        };
    }

    async ValueTask<Ack> SendToFinishedAsync(Envelope envelope, long now)
    {
        var found = await _finder.FindAsync(envelope.SessionId).ConfigureAwait(false);
        return found.Succeeded(out var session, out var failure)
            ? await session.ReceiveAsync(envelope, now).ConfigureAwait(false)
            : Acks.Refused(envelope, Acks.RejectionOf(failure, envelope.SessionId), now);
    }

    /// <summary>Judges what is true of any envelope, whoever sends it and whatever its session: its version, its fields, its size.</summary>
    public Rejection? CheckShape(Envelope envelope) => EnvelopeShape.Check(envelope, _options.MaxPayloadBytes);

    /// <summary>The mode of a session, which whoever may send can find out; null when no such session is known.</summary>
    public async ValueTask<string?> GetModeAsync(string sessionId) => (await _finder.FindAsync(sessionId).ConfigureAwait(false)).Value?.Mode;

    /// <summary>A session's metadata, for those who may read it.</summary>
    public ValueTask<Outcome<SessionMetadata>> GetSessionAsync(Identity? identity, string sessionId) =>
        FindAsync(identity, sessionId, session => session.GetMetadataAsync(identity!, Now));

    /// <summary>A page of the sessions that the identity may read, in ordinal order of their ids.</summary>
    /// <param name="identity">Who asks.</param>
    /// <param name="request">How many at the most, and where to go on. A token that does not lead on is <see cref="FailureKind.InvalidArgument"/>.</param>
    /// <param name="includeFinished">Whether sessions that have ended are listed too (decisions 22).</param>
    /// <param name="cancellationToken">Gives up.</param>
    public ValueTask<Outcome<ListSessionsResponse>> ListSessionsAsync(
        Identity? identity, ListSessionsRequest request, bool includeFinished = false, CancellationToken cancellationToken = default) =>
        _directory.ListAsync(identity, request, includeFinished, cancellationToken);

    /// <summary>
    /// A CREATED for every session that is open or suspended now and that the identity may read, then whatever happens to those that it may read, each
    /// change once and in order. Ends by cancellation, or for a watcher that is too slow with a <see cref="FellBehindException"/>.
    /// </summary>
    public Outcome<IAsyncEnumerable<WatchSessionsResponse>> WatchSessions(Identity? identity) => _directory.Watch(identity);

    /// <summary>
    /// Every Signal from now on, and every Progress but those of sessions that the identity may not read. Ends by cancellation, or for a watcher that
    /// is too slow with a <see cref="FellBehindException"/>.
    /// </summary>
    public Outcome<IAsyncEnumerable<WatchSignalsResponse>> WatchSignals(Identity? identity) => _ambient.Watch(identity);

    /// <summary>Cancels a session. To cancel one that has ended is no error: the ack tells its state.</summary>
    /// <param name="identity">The initiator, or whoever may commit under the bound policy.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="reason">Free text, kept in the history; may be empty. One that makes the record larger than a payload may be is refused with a nack.</param>
    public ValueTask<Outcome<Ack>> CancelAsync(Identity? identity, string sessionId, string reason) =>
        FindAsync(identity, sessionId, session => session.CancelAsync(ControlBy(identity!, reason)));

    /// <summary>
    /// Suspends an open session; any other state is a nack with <c>SESSION_NOT_OPEN</c>. It counts as a message of whoever does it; see
    /// <see cref="CancelAsync"/> for who may.
    /// </summary>
    public ValueTask<Outcome<Ack>> SuspendAsync(Identity? identity, string sessionId, string reason) =>
        FindAsync(identity, sessionId, session => session.SuspendAsync(ControlBy(identity!, reason)));

    /// <summary>
    /// Resumes a suspended session; any other state is a nack with <c>SESSION_NOT_OPEN</c>. It counts as a message of whoever does it; see
    /// <see cref="CancelAsync"/> for who may.
    /// </summary>
    public ValueTask<Outcome<Ack>> ResumeAsync(Identity? identity, string sessionId, string reason) =>
        FindAsync(identity, sessionId, session => session.ResumeAsync(ControlBy(identity!, reason)));

    /// <summary>A cursor on a session's history, for those who may read it.</summary>
    /// <param name="identity">Who reads.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="afterSequence">The ordinal of the last message that the reader has; 0 for none, beyond the end for what is yet to come.</param>
    /// <param name="includeAnnotations">Whether suspensions, resumptions, cancellation and expiry are read too (decisions 21).</param>
    /// <param name="cancellationToken">Gives up.</param>
    public ValueTask<Outcome<SessionCursor>> SubscribeAsync(
        Identity? identity, string sessionId, ulong afterSequence, bool includeAnnotations = false, CancellationToken cancellationToken = default) =>
        FindAsync(identity, sessionId, session => session.SubscribeAsync(identity!, afterSequence, includeAnnotations, Now, cancellationToken));

    /// <summary>Chooses the protocol version and tells what this runtime can do. Needs no identity.</summary>
    public Outcome<InitializeResponse> Initialize(InitializeRequest request) => _card.Initialize(request);

    /// <summary>What this runtime says of itself as an agent. Needs no identity.</summary>
    /// <param name="agentId">The runtime's own name; empty means the same, and any other agent is not found.</param>
    public Outcome<GetManifestResponse> GetManifest(string agentId = "") => _card.GetManifest(agentId);

    /// <summary>The hosted modes of the standards track. Needs no identity.</summary>
    public ListModesResponse ListModes() => _card.ListModes();

    /// <summary>The other hosted modes. Needs no identity.</summary>
    public ListExtModesResponse ListExtModes() => _card.ListExtModes();

    /// <summary>The runtime's roots: none. Needs no identity.</summary>
    public ListRootsResponse ListRoots() => _roots.List();

    /// <summary>Tells of the runtime's roots once, and of each change, of which there is none. Ends by cancellation only.</summary>
    public Outcome<IAsyncEnumerable<WatchRootsResponse>> WatchRoots(Identity? identity) => _roots.Watch(identity);

    /// <summary>
    /// Appends what is due by now to every session, and forgets what need not be held any longer. The sweeper does this by itself, and may do it meanwhile.
    /// </summary>
    public async ValueTask SweepAsync(CancellationToken cancellationToken = default)
    {
        Release();
        Forget();
        long now = Now;
        // All are appended before any is waited for: they share the history's writes.
        var pending = new List<Task>();
        foreach (var session in _sessions.DueAt(now))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var caughtUp = session.CatchUpAsync(now);
            if (!caughtUp.IsCompletedSuccessfully) pending.Add(caughtUp.AsTask());
        }
        await Task.WhenAll(pending).ConfigureAwait(false);
    }

    /// <summary>Stops the sweeper, and waits for a sweep that is under way.</summary>
    public ValueTask DisposeAsync() => _sweeper.DisposeAsync();

    long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Steps 1 to 12 of admission; the first that fails answers. Only what passes all of them spends rate.</summary>
    Rejection? Admit(Identity? identity, Envelope envelope)
    {
        if (CheckShape(envelope) is { } misshapen) return misshapen;
        if (Permissions.Check(identity, envelope) is { } forbidden) return forbidden;
        return _rates.Take(identity!.Sender, envelope.MessageType == MessageTypes.SessionStart);
    }

    Control ControlBy(Identity identity, string reason) => new(identity.Sender, reason, Now, _rates, _options.MaxPayloadBytes);

    /// <summary>The envelope with its authenticated sender: the caller's own when it names it, else a copy.</summary>
    static Envelope Sign(Envelope envelope, string sender)
    {
        if (envelope.Sender.Length != 0) return envelope;
        var signed = envelope.Clone();
        signed.Sender = sender;
        return signed;
    }

    ValueTask<Outcome<T>> FindAsync<T>(Identity? identity, string sessionId, Func<Session, ValueTask<Outcome<T>>> operation)
        where T : class
    {
        if (identity is null) return new(Failure.Unauthenticated);
        return _sessions.TryFind(sessionId, out var session) ? operation(session) : FindFinishedAsync(sessionId, operation);
    }

    async ValueTask<Outcome<T>> FindFinishedAsync<T>(string sessionId, Func<Session, ValueTask<Outcome<T>>> operation)
        where T : class
    {
        var found = await _finder.FindAsync(sessionId).ConfigureAwait(false);
        return found.Succeeded(out var session, out var failure) ? await operation(session).ConfigureAwait(false) : failure;
    }

    /// <summary>Lets go of sessions that ended long ago, or that are too many. What is not kept is not held in memory either.</summary>
    void Release() => _sessions.Release(Before(_options.HistoryRetention < _options.FinishedSessionMemory ? _options.HistoryRetention.Value : _options.FinishedSessionMemory));

    /// <summary>Forgets senders that have been silent, and removes the sessions that are kept no longer.</summary>
    void Forget()
    {
        _rates.ForgetSilent();
        _open.ForgetGone();
        if (_options.HistoryRetention is { } retention) _history.RemoveFinishedBefore(Before(retention));
    }

    long Before(TimeSpan age) => Now - (age.Ticks / TimeSpan.TicksPerMillisecond);

    void OnFault(string sessionId, Exception exception) => Faulted?.Invoke(sessionId, exception);
}
