namespace Macp.Runtime.Tests;

/// <summary>A journal of several segments, to be damaged: a session that is open from its beginning to its end, one that ended early, one that started late.</summary>
sealed class StoredJournal
{
    public const string Open = "session-open----------", Ended = "session-ended---------", Late = "session-late----------";
    const long SegmentBytes = 500;

    StoredJournal(World world, FaultyFolder folder) => (World, Folder) = (world, folder);

    public World World { get; }

    public FaultyFolder Folder { get; }

    /// <summary>The segments' names, in their order.</summary>
    public IReadOnlyList<string> Segments => SegmentsIn(Folder);

    public static IReadOnlyList<string> SegmentsIn(FaultyFolder folder) => [.. folder.List().Where(name => SegmentWriter.NumberOf(name) is not null).Order(StringComparer.Ordinal)];

    /// <summary>What stands in the journal, by session.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Records { get; private set; } = null!;

    public static async Task<StoredJournal> WriteAsync()
    {
        var folder = new FaultyFolder();
        using var history = JournalHistory.Open(folder, segmentBytes: SegmentBytes);
        var world = new World(history: history);
        await world.StartAsync(Ended);
        await world.StartAsync(Open);
        await world.Runtime.CancelAsync(World.Ada, Ended, "");
        for (int i = 0; i < 6; i++) Expect.Accepted(await world.NoteAsync(World.Bob, $"note {i}", Open));
        await world.StartAsync(Late);
        for (int i = 0; i < 2; i++) Expect.Accepted(await world.NoteAsync(World.Bob, $"late {i}", Late));
        Expect.Accepted(await world.NoteAsync(World.Bob, "last", Open));
        await world.Runtime.DisposeAsync();
        history.Dispose();
        var journal = new StoredJournal(world, folder);
        journal.Records = Read(folder).Sessions.ToDictionary(s => s.Key, s => s.Value.Records);
        return journal;
    }

    /// <summary>A copy of it, to be damaged.</summary>
    /// <param name="isIndexed">Whether the indexes are copied too: what they tell is not looked for in the segments.</param>
    public FaultyFolder Copy(bool isIndexed = false)
    {
        var copy = Folder.Crash(CacheLoss.None);
        foreach (string name in copy.List().Where(name => !isIndexed && SegmentWriter.NumberOf(name) is null)) copy.Delete(name);
        return copy;
    }

    /// <summary>A copy with one file changed.</summary>
    public FaultyFolder With(string segment, Func<byte[], byte[]> change)
    {
        var copy = Copy();
        copy[segment] = change(copy[segment]);
        return copy;
    }

    /// <summary>A copy with some bytes of one file changed, each by itself.</summary>
    public FaultyFolder With(string segment, int offset, int count, Func<byte, byte> change) => With(segment, bytes =>
    {
        for (int i = offset; i < Math.Min(offset + count, bytes.Length); i++) bytes[i] = change(bytes[i]);
        return bytes;
    });

    /// <summary>The batches of a segment, with their places.</summary>
    public IReadOnlyList<SegmentPart> BatchesOf(string segment) => [.. new SegmentScan(Folder[segment]).Read(1)];

    /// <summary>A runtime that takes it up.</summary>
    public (World World, JournalHistory History) Live(FaultyFolder folder)
    {
        var history = JournalHistory.Open(folder);
        var world = new World(history: history, before: World);
        world.Runtime.Start();
        return (world, history);
    }

    public static (Dictionary<string, (IReadOnlyList<string> Records, bool IsReadOnly)> Sessions, IReadOnlyList<JournalFault> Faults) Read(FaultyFolder folder)
    {
        var found = new List<JournalFault>();
        using var history = JournalHistory.Open(folder, new() { Damaged = found.Add });
        var recalled = history.FinishedAfter(null, "").Select(id => Recall(history, id)).OfType<ISessionHistory>().ToList();
        return (history.Stored.Concat(recalled).ToDictionary(s => s.ReadAll().First().SessionId, s => ((IReadOnlyList<string>)[.. s.ReadAll().Select(Describe)], s.IsReadOnly)), [.. history.Faults, .. found]);
    }

    /// <summary>A session that has ended; null when not even its start can be read.</summary>
    static ISessionHistory? Recall(JournalHistory history, string id)
    {
        try
        {
            return history.RecallAsync(id, default).GetAwaiter().GetResult()!;
        }
        catch (InvalidDataException)
        {
            Assert.True(history.Knows(id));
            return null;
        }
    }

    public static string Describe(HistoryRecord record) => $"{record.Ordinal} {record.Kind} {record.AcceptedAtUnixMs} {record.Envelope}";
}
