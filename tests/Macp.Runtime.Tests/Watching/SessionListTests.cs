using System.Buffers.Text;
using System.Text;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime.Tests;

/// <summary>ListSessions: pages by session id of what the identity may read (decisions 18, 22 and 24).</summary>
public sealed class SessionListTests
{
    static readonly Identity Observer = new("olga") { IsObserver = true };

    readonly World _world = new(new() { SessionsPageSize = 4, MaxSessionsPageSize = 6, MessageLimitPerMinute = int.MaxValue, SessionStartLimitPerMinute = int.MaxValue });

    [Theory]
    [InlineData(0, "4 4 2")]
    [InlineData(1, "1 1 1 1 1 1 1 1 1 1")]
    [InlineData(3, "3 3 3 1")]
    [InlineData(5, "5 5")]
    [InlineData(1000, "6 4")]
    [InlineData(int.MaxValue, "6 4")]
    public async Task Pages_are_no_larger_than_asked_and_tell_each_session_once_in_the_order_of_ids(int size, string pages)
    {
        string[] ids = [.. Enumerable.Range(0, 10).Select(i => $"session-{i * 7 % 10:D16}")];
        foreach (string id in ids) await _world.StartAsync(id);
        var read = await PagesAsync(World.Bob, size);
        Assert.Equal(pages, string.Join(' ', read.Select(page => page.Count)));
        Assert.Equal(ids.Order(StringComparer.Ordinal), read.SelectMany(page => page).Select(session => session.SessionId));
    }

    [Fact]
    public async Task A_page_tells_what_GetSession_tells()
    {
        await _world.StartAsync();
        Expect.Accepted(await _world.NoteAsync(World.Bob, "x"));
        Assert.Equal(await _world.MetadataAsync(), Assert.Single(await AllAsync(World.Bob)));
    }

    [Fact]
    public async Task Everybody_lists_their_own_sessions_and_observers_all_of_them()
    {
        await _world.StartAsync("session-of-ada-and-bob-00");
        await _world.StartAsync("session-of-ada-and-cyd-00", start => start.Participants[1] = "cyd");
        async Task<string> NamesAsync(Identity identity) => string.Join(' ', (await AllAsync(identity)).Select(s => s.SessionId[15..^3]));
        Assert.Equal("and-bob and-cyd", await NamesAsync(World.Ada));
        Assert.Equal("and-bob", await NamesAsync(World.Bob));
        Assert.Equal("and-cyd", await NamesAsync(World.Cyd));
        Assert.Equal("", await NamesAsync(World.Stranger));
        Assert.Equal("and-bob and-cyd", await NamesAsync(Observer));
    }

    [Fact]
    public async Task Whoever_the_policy_lets_commit_lists_and_watches_the_session()
    {
        var policy = new PolicyDescriptor { PolicyId = "p", Mode = "*", SchemaVersion = 3, Rules = """{"commitment":{"authority":"designated_role","designated_roles":["judge"]}}""" };
        Assert.True((await _world.Runtime.Policies.RegisterAsync(World.Ada with { CanManageModeRegistry = true }, policy)).Value!.Ok);
        await _world.StartAsync(change: start => start.PolicyVersion = "p");
        Assert.Single(await AllAsync(new("judge")));
        Assert.Equal(World.Session, (await new Watch<WatchSessionsResponse>(_world.Runtime.WatchSessions(new("judge"))).NextAsync()).Event.Session.SessionId);
    }

    [Fact]
    public async Task What_has_ended_is_listed_where_it_is_asked_for()
    {
        await _world.StartAsync("session-open------------00");
        await _world.StartAsync("session-suspended-------00");
        await _world.StartAsync("session-cancelled-------00");
        await _world.StartAsync("session-resolved--------00");
        // Its time is up, and nobody has noticed yet.
        await _world.StartAsync("session-expired---------00", start => start.TtlMs = 5);
        Expect.Done(await _world.Runtime.SuspendAsync(World.Ada, "session-suspended-------00", ""));
        Expect.Done(await _world.Runtime.CancelAsync(World.Ada, "session-cancelled-------00", ""));
        Expect.Accepted(await _world.SendAsync(World.Ada, _world.Commitment(session: "session-resolved--------00")));
        _world.Time.Advance(6);
        Assert.Equal([SessionState.Open, SessionState.Suspended], (await AllAsync(World.Ada)).Select(s => s.State));
        Assert.Equal(
            [SessionState.Cancelled, SessionState.Expired, SessionState.Open, SessionState.Resolved, SessionState.Suspended],
            (await AllAsync(World.Ada, includeFinished: true)).Select(s => s.State));
    }

    [Fact]
    public async Task A_list_goes_on_where_it_was_although_its_last_session_has_ended()
    {
        for (int i = 0; i < 6; i++) await _world.StartAsync($"session-{i:D16}");
        var first = await PageAsync(World.Ada, new() { PageSize = 2 });
        Expect.Done(await _world.Runtime.CancelAsync(World.Ada, first.Sessions[1].SessionId, ""));
        await _world.StartAsync("session-0000000000000000a");
        await _world.StartAsync("session-0000000000000003a");
        Assert.Equal("session-0000000000000002", (await PageAsync(World.Ada, new() { PageSize = 1, PageToken = first.NextPageToken })).Sessions.Single().SessionId);
    }

    [Fact]
    public async Task Tokens_that_do_not_lead_on_are_told_so_and_so_are_negative_sizes()
    {
        for (int i = 0; i < 6; i++) await _world.StartAsync($"session-{i:D16}");
        string token = (await PageAsync(World.Ada, new() { PageSize = 2 })).NextPageToken;
        string ofAll = (await PageAsync(World.Ada, new() { PageSize = 2 }, includeFinished: true)).NextPageToken;
        var earlier = new World();
        await earlier.StartAsync();
        await earlier.StartAsync("session-1111111111111111");
        Assert.True((await earlier.Runtime.ListSessionsAsync(World.Ada, new() { PageSize = 1 })).Succeeded(out var page, out _));
        string forged = Base64Url.EncodeToString(Encoding.UTF8.GetBytes("v1:session-0000000000000001"));
        string tampered = (token[0] == 'A' ? "B" : "A") + token[1..];

        foreach (string wrong in (string[])[page.NextPageToken, forged, tampered, ofAll, token + "A", token[..^1], "!", " ", "AAAA", new string('A', 100_000)])
            Expect.Failed(FailureKind.InvalidArgument, await _world.Runtime.ListSessionsAsync(World.Ada, new() { PageToken = wrong }));
        Expect.Failed(FailureKind.InvalidArgument, await _world.Runtime.ListSessionsAsync(World.Bob, new() { PageToken = token }));
        foreach (int size in (int[])[-1, int.MinValue]) Expect.Failed(FailureKind.InvalidArgument, await _world.Runtime.ListSessionsAsync(World.Ada, new() { PageSize = size }));
        Expect.Failed(FailureKind.Unauthenticated, await _world.Runtime.ListSessionsAsync(null, new()));
        Assert.Equal(2, (await PageAsync(World.Ada, new() { PageSize = 2, PageToken = token })).Sessions.Count);
    }

    [Fact]
    public async Task A_session_is_listed_when_its_start_is_durable_and_not_when_it_was_lost()
    {
        _world.History.Holds = true;
        var start = _world.SendAsync(World.Ada, _world.Start());
        var list = AllAsync(World.Ada);
        Assert.False(list.IsCompleted);
        _world.History.Lose();
        Expect.Code(ErrorCode.InternalError, await start);
        Assert.Empty(await list);
        _world.History.Holds = false;
        await _world.StartAsync();
        Assert.Single(await AllAsync(World.Ada));
    }

    [Fact]
    public async Task A_session_is_listed_although_what_it_was_about_to_accept_is_lost_meanwhile()
    {
        await _world.StartAsync();
        var before = await _world.MetadataAsync();
        _world.History.Holds = true;
        var note = _world.NoteAsync(World.Bob, "lost");
        var list = AllAsync(World.Bob);
        _world.History.Lose();
        Expect.Code(ErrorCode.InternalError, await note);
        Assert.Equal([before], await list);
    }

    [Fact]
    public async Task A_session_whose_end_becomes_durable_meanwhile_has_ended()
    {
        await _world.StartAsync();
        _world.History.Holds = true;
        var cancelled = _world.Runtime.CancelAsync(World.Ada, World.Session, "").AsTask();
        var list = AllAsync(World.Bob);
        _world.History.Release();
        Expect.Done(await cancelled);
        Assert.Empty(await list);
    }

    [Fact]
    public async Task A_page_is_no_larger_than_clients_take_however_much_its_sessions_say()
    {
        string[] crowd = [.. Enumerable.Range(0, 990).Select(i => $"{i:D1000}")];
        for (int i = 0; i < 5; i++) await _world.StartAsync($"session-{i:D16}", start => start.Participants.Add(crowd));
        await _world.StartAsync("session-small-----------00");
        Assert.Equal("2 2 2", string.Join(' ', (await PagesAsync(World.Bob, 0)).Select(page => page.Count)));
    }

    async Task<ListSessionsResponse> PageAsync(Identity identity, ListSessionsRequest request, bool includeFinished = false)
    {
        Assert.True((await _world.Runtime.ListSessionsAsync(identity, request, includeFinished)).Succeeded(out var page, out var failure), failure?.Message);
        return page;
    }

    async Task<List<SessionMetadata>> AllAsync(Identity identity, bool includeFinished = false) => [.. (await PagesAsync(identity, 0, includeFinished)).SelectMany(page => page)];

    async Task<List<List<SessionMetadata>>> PagesAsync(Identity identity, int size, bool includeFinished = false)
    {
        var pages = new List<List<SessionMetadata>>();
        var request = new ListSessionsRequest { PageSize = size };
        do
        {
            var page = await PageAsync(identity, request, includeFinished);
            pages.Add([.. page.Sessions]);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return pages;
    }
}
