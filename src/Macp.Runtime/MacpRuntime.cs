using System.Diagnostics.Metrics;
using Macp.Modes;
using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>
/// The kernel of a coordination runtime: it admits envelopes, runs sessions and keeps their history. It knows no transport; a server
/// authenticates, and tells its outcomes as gRPC. Safe for threads.
/// </summary>
public sealed partial class MacpRuntime : IAsyncDisposable
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
    readonly RuntimeMeter _meter;

    /// <summary>A runtime that hosts these modes. It holds the catalog as it is now; more can be registered by their descriptors.</summary>
    /// <param name="modes">The modes.</param>
    /// <param name="options">The limits; null for the defaults.</param>
    /// <param name="history">Where histories are kept; null for memory.</param>
    /// <param name="time">The clock, and the timer of the sweeper; null for the system's.</param>
    /// <param name="meters">Makes the meter that <see cref="MacpTelemetry.MeterName"/> names; null for one that goes with the runtime.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option has a value that makes no sense.</exception>
    /// <exception cref="InvalidPolicyException">One of the options' policies cannot be registered.</exception>
    public MacpRuntime(ModeCatalog modes, MacpRuntimeOptions? options = null, IHistory? history = null, TimeProvider? time = null, IMeterFactory? meters = null)
    {
        _options = (options ?? new()).Validated();
        _time = time ?? TimeProvider.System;
        _rates = new(_options, _time);
        var hosted = new ModeRegistry(modes);
        var policies = new PolicyRegistry(hosted, _options.Policies);
        var feed = new LifecycleFeed();
        _history = history ?? new MemoryHistory();
        _sessions = new(_history, _options.MaxFinishedSessionsInMemory);
        _meter = new(hosted, meters);
        _meter.Watch(_sessions, _rates);
        (_history as JournalHistory)?.MeasureBy(_meter.Meter);
        _changes = new(hosted, policies, _history, OnFault);
        Modes = new(hosted, _changes, () => Now);
        Policies = new(policies, _changes, () => Now);
        _recovery = new(hosted, _sessions, feed, _open, _meter, OnFault);
        _finder = new(_sessions, _history, _recovery, OnFault);
        _starter = new(hosted, policies, _sessions, _finder, _open, feed, _history, _options, _meter, OnFault);
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
        using (var span = KernelSpans.BeginRecover())
        {
            long begun = _time.GetTimestamp();
            Forget();
            _changes.Recover(_history.StoredChanges);
            var stored = _history.Stored;
            _recovery.Recover(stored, Now);
            TakenUp = stored.Count;
            _meter.Recovered(_time.GetElapsedTime(begun));
            span.TookUp(TakenUp);
        }
        _sweeper.Start();
    }

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

    /// <summary>Stops the sweeper, waits for a sweep that is under way, and ends the meter.</summary>
    public async ValueTask DisposeAsync()
    {
        await _sweeper.DisposeAsync().ConfigureAwait(false);
        _meter.Dispose();
    }

    /// <summary>By this the runtime is measured.</summary>
    internal Meter Meter => _meter.Meter;

    long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

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
