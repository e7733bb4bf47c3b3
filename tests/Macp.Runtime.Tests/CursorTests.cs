namespace Macp.Runtime.Tests;

public sealed class CursorTests
{
    public static TheoryData<bool> Histories => [true, false];

    [Theory, MemberData(nameof(Histories))]
    public async Task A_cursor_reads_after_an_ordinal(bool inMemory)
    {
        var world = await PreparedAsync(inMemory);
        foreach (var (after, ordinals) in new[] { (0ul, "1 2 3 4"), (1ul, "2 3 4"), (3ul, "4"), (4ul, "") })
            Assert.Equal(ordinals, Ordinals(await Expect.AvailableAsync(await world.SubscribeAsync(after))));
    }

    [Theory, MemberData(nameof(Histories))]
    public async Task Beyond_the_end_there_is_only_what_is_yet_to_come(bool inMemory)
    {
        var world = await PreparedAsync(inMemory);
        foreach (ulong after in new[] { 5ul, 100ul, ulong.MaxValue })
        {
            var cursor = await world.SubscribeAsync(after);
            Assert.Empty(await Expect.AvailableAsync(cursor));
            var ack = await world.NoteAsync(World.Bob, "live");
            Assert.True(await Expect.SoonAsync(cursor.WaitToReadAsync().AsTask(), "the live message"));
            Assert.True(cursor.TryRead(out var record));
            Assert.Equal(ack.MessageId, record.Envelope.MessageId);
        }
    }

    [Theory, MemberData(nameof(Histories))]
    public async Task A_waiting_reader_is_woken(bool inMemory)
    {
        var world = await PreparedAsync(inMemory);
        var waiting = Enumerable.Range(0, 3).Select(async _ =>
        {
            var cursor = await world.SubscribeAsync(4);
            Assert.True(await cursor.WaitToReadAsync());
            Assert.True(cursor.TryRead(out var record));
            return record.Ordinal;
        }).ToArray();
        Assert.All(waiting, w => Assert.False(w.IsCompleted));

        await world.NoteAsync(World.Bob, "now");

        Assert.All(await Expect.SoonAsync(Task.WhenAll(waiting), "the readers to wake"), ordinal => Assert.Equal(5, ordinal));
    }

    [Theory, MemberData(nameof(Histories))]
    public async Task Annotations_are_read_on_demand_only_and_again_after_their_message(bool inMemory)
    {
        var world = await PreparedAsync(inMemory);
        await world.Runtime.SuspendAsync(World.Ada, World.Session, "");
        await world.Runtime.ResumeAsync(World.Ada, World.Session, "");
        await world.NoteAsync(World.Bob, "after");

        Assert.Equal("Note", Expect.Types(await Expect.AvailableAsync(await world.SubscribeAsync(4))));
        var annotated = await Expect.AvailableAsync(await world.SubscribeAsync(4, annotations: true));
        Assert.Equal("SessionSuspend SessionResume Note", Expect.Types(annotated));
        Assert.Equal(annotated.Select(r => r.Envelope.MessageId), (await Expect.AvailableAsync(await world.SubscribeAsync(4, annotations: true))).Select(r => r.Envelope.MessageId));
        Assert.Equal("Note SessionSuspend SessionResume Note", Expect.Types(await Expect.AvailableAsync(await world.SubscribeAsync(3, annotations: true))));
        Assert.Empty(await Expect.AvailableAsync(await world.SubscribeAsync(5, annotations: true)));
    }

    [Theory, MemberData(nameof(Histories))]
    public async Task A_cursor_ends_after_the_sessions_last_item(bool inMemory)
    {
        var world = await PreparedAsync(inMemory);
        var cursor = await world.SubscribeAsync(4);
        var reading = Expect.ToEndAsync(cursor);
        await world.SendAsync(World.Ada, world.Commitment());
        Assert.Equal("Commitment", Expect.Types(await reading));
        Assert.False(await cursor.WaitToReadAsync());
    }

    [Theory, MemberData(nameof(Histories))]
    public async Task A_cursor_that_begins_at_the_end_of_a_finished_session_ends_at_once(bool inMemory)
    {
        var world = await PreparedAsync(inMemory);
        await world.Runtime.CancelAsync(World.Ada, World.Session, "");
        foreach (ulong after in new[] { 4ul, 5ul, 1000ul }) Assert.Empty(await Expect.ToEndAsync(await world.SubscribeAsync(after)));
        Assert.Equal("SessionCancel", Expect.Types(await Expect.ToEndAsync(await world.SubscribeAsync(4, annotations: true))));
        Assert.Equal("SessionStart Note Note Note", Expect.Types(await Expect.ToEndAsync(await world.SubscribeAsync())));
    }

    [Theory, MemberData(nameof(Histories))]
    public async Task Cancellation_and_expiry_end_a_waiting_reader_who_is_not_shown_them(bool inMemory)
    {
        var world = await PreparedAsync(inMemory);
        var reading = Expect.ToEndAsync(await world.SubscribeAsync(4));
        world.Time.Advance(60_001);
        await world.Runtime.SweepAsync();
        Assert.Empty(await reading);
    }

    [Theory, MemberData(nameof(Histories))]
    public async Task A_reader_may_give_up_and_go_on_later(bool inMemory)
    {
        var world = await PreparedAsync(inMemory);
        var cursor = await world.SubscribeAsync(4);
        using var impatience = new CancellationTokenSource();
        var waiting = cursor.WaitToReadAsync(impatience.Token).AsTask();
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await world.NoteAsync(World.Bob, "later");
        Assert.Equal("Note", Expect.Types(await Expect.AvailableAsync(cursor)));
    }

    [Fact]
    public async Task A_long_history_is_read_whole_and_from_anywhere()
    {
        var world = new World(history: new MemoryHistory());
        await world.StartAsync();
        for (int i = 0; i < 1000; i++) await world.NoteAsync(World.Bob, $"{i}");
        foreach (long after in new[] { 0, 1, 63, 64, 65, 500, 999, 1000, 1001 })
        {
            var read = await Expect.AvailableAsync(await world.SubscribeAsync((ulong)after));
            Assert.Equal(Enumerable.Range((int)after + 1, 1001 - (int)after).Select(i => (long)i), read.Select(r => r.Ordinal));
        }
    }

    [Fact]
    public async Task Only_those_who_may_read_a_session_subscribe_to_it()
    {
        var world = await PreparedAsync(inMemory: true);
        Expect.Failed(FailureKind.Unauthenticated, await world.Runtime.SubscribeAsync(null, World.Session, 0));
        Expect.Failed(FailureKind.NotFound, await world.Runtime.SubscribeAsync(World.Ada, "nowhere", 0));
        Expect.Failed(FailureKind.PermissionDenied, await world.Runtime.SubscribeAsync(World.Stranger, World.Session, 0));
        Assert.Null((await world.Runtime.SubscribeAsync(World.Stranger with { IsObserver = true }, World.Session, 0)).Failure);
    }

    /// <summary>A session with a start and three notes.</summary>
    static async Task<World> PreparedAsync(bool inMemory)
    {
        var world = new World(history: inMemory ? new MemoryHistory() : null);
        await world.StartAsync();
        for (int i = 0; i < 3; i++) await world.NoteAsync(World.Bob, $"{i}");
        return world;
    }

    static string Ordinals(IEnumerable<HistoryRecord> records) => string.Join(' ', records.Select(r => r.Ordinal));
}
