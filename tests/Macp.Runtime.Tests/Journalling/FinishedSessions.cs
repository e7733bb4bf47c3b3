using Macp.Wire.V1;

namespace Macp.Runtime.Tests;

/// <summary>A runtime on a journal of small segments that holds no session in memory which it can read again, and counts how often it does.</summary>
sealed class FinishedSessions : IHistory, IDisposable
{
    public const string Open = "session-open----------";

    readonly JournalHistory _journal;

    FinishedSessions(FaultyFolder folder, World? before, TimeSpan? retention, int pageSize)
    {
        (Folder, _journal) = (folder, JournalHistory.Open(folder, new() { Failed = Failures.Add, Damaged = Damage.Add }, segmentBytes: 2000));
        var options = new MacpRuntimeOptions
        {
            MessageLimitPerMinute = int.MaxValue, SessionStartLimitPerMinute = int.MaxValue, MaxFinishedSessionsInMemory = 0, HistoryRetention = retention,
            MaxSessionsPageSize = pageSize, SessionsPageSize = pageSize,
        };
        World = new(options, this, before);
        if (before is not null) World.Time.Advance(before.Time.NowMs - FakeTime.Origin);
        World.Runtime.Start();
    }

    public FaultyFolder Folder { get; }

    public World World { get; private set; }

    /// <summary>How many sessions were read again.</summary>
    public int Recalls { get; private set; }

    /// <summary>What happens before a session is read again.</summary>
    public Func<Task> BeforeRecall { get; set; } = () => Task.CompletedTask;

    public List<Exception> Failures { get; } = [];

    public List<JournalFault> Damage { get; } = [];

    public IReadOnlyList<JournalFault> Faults => _journal.Faults;

    public static FinishedSessions Begin(FaultyFolder? folder = null, World? before = null, TimeSpan? retention = null, int pageSize = 7) => new(folder ?? new(), before, retention, pageSize);

    /// <summary>The ids of those that ended in <see cref="PlayAsync"/>.</summary>
    public static IReadOnlyList<string> Ended { get; } = [.. Enumerable.Range(0, 24).Select(i => $"session-ended-{(i * 7) % 24:D8}")];

    /// <summary>Sessions that end in each way, in the middle of one that goes on through all segments.</summary>
    public async Task PlayAsync()
    {
        await World.StartAsync(Open, start => start.TtlMs = 80_000_000);
        for (int i = 0; i < Ended.Count; i++)
        {
            await World.StartAsync(Ended[i]);
            Expect.Accepted(await World.NoteAsync(World.Bob, $"note {i}", Ended[i]));
            Expect.Accepted(await World.NoteAsync(World.Bob, $"open {i}", Open));
            if (i % 3 == 0) Expect.Accepted(await World.SendAsync(World.Ada, World.Commitment(session: Ended[i])));
            if (i % 3 == 1) Assert.True(Expect.Done(await World.Runtime.CancelAsync(World.Ada, Ended[i], "enough")).Ok);
        }
        World.Time.Advance(70_000);
        await World.Runtime.SweepAsync();
        // So that the last of them stand in closed segments too.
        await FillAsync();
        await SweepAsync();
    }

    /// <summary>Closes the segment by what goes on beside the others.</summary>
    public async Task FillAsync(string session = Open)
    {
        for (int i = 0; i < 20; i++) Expect.Accepted(await World.NoteAsync(World.Bob, new('x', 150), session));
    }

    /// <summary>Lets go of what can be read again.</summary>
    public async Task SweepAsync()
    {
        await _journal.WhenIndexedAsync();
        await World.Runtime.SweepAsync();
        await _journal.WhenIndexedAsync();
    }

    /// <summary>What can be learned of a session.</summary>
    public async Task<IReadOnlyList<string>> LearnAsync(string session)
    {
        var metadata = await World.Runtime.GetSessionAsync(World.Ada, session);
        var subscription = await World.Runtime.SubscribeAsync(World.Bob, session, 1, includeAnnotations: true);
        var records = subscription.Succeeded(out var cursor, out _) ? await Expect.AvailableAsync(cursor) : [];
        return
        [
            $"{metadata.Value?.ToString() ?? metadata.Failure!.Message}", $"{subscription.Failure?.Message}",
            .. records.Select(r => $"{r.Ordinal} {r.Kind} {r.AcceptedAtUnixMs} {r.Envelope}"),
            $"{(await World.Runtime.GetSessionAsync(World.Stranger, session)).Failure!.Message}",
            $"{(await World.NoteAsync(World.Bob, "late", session)).Error.Code}",
            $"{(await World.SendAsync(World.Ada, World.Start(session))).Error.Code}",
            $"{Describe(await World.Runtime.CancelAsync(World.Ada, session, ""))} {Describe(await World.Runtime.SuspendAsync(World.Ada, session, ""))}",
        ];
    }

    /// <summary>The ids on all pages.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(Identity identity)
    {
        var ids = new List<string>();
        string token = "";
        do
        {
            var page = (await World.Runtime.ListSessionsAsync(identity, new() { PageToken = token }, includeFinished: true)).Value!;
            ids.AddRange(page.Sessions.Select(session => session.SessionId));
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        return ids;
    }

    /// <summary>Ends, and another process goes on.</summary>
    public async Task<FinishedSessions> RestartAsync(FaultyFolder? folder = null, TimeSpan? retention = null)
    {
        await World.Runtime.DisposeAsync();
        Dispose();
        return new(folder ?? Folder, World, retention, pageSize: 7);
    }

    public void Dispose() => _journal.Dispose();

    ISessionHistory IHistory.Create(string sessionId) => _journal.Create(sessionId);

    IReadOnlyList<ISessionHistory> IHistory.Stored => _journal.Stored;

    bool IHistory.Knows(string sessionId) => _journal.Knows(sessionId);

    async ValueTask<ISessionHistory?> IHistory.RecallAsync(string sessionId, CancellationToken cancellationToken)
    {
        Recalls++;
        await BeforeRecall();
        return await _journal.RecallAsync(sessionId, cancellationToken);
    }

    IEnumerable<string> IHistory.FinishedAfter(string? reader, string afterId) => _journal.FinishedAfter(reader, afterId);

    void IHistory.RemoveFinishedBefore(long unixMs) => _journal.RemoveFinishedBefore(unixMs);

    IReadOnlyList<RegistryChange> IHistory.StoredChanges => _journal.StoredChanges;

    ValueTask IHistory.AppendAsync(RegistryChange change) => _journal.AppendAsync(change);

    static string Describe(Outcome<Ack> outcome) => outcome.Succeeded(out var ack, out var failure) ? $"{ack.Ok} {ack.SessionState} {ack.Error?.Code}" : failure.Message;
}
