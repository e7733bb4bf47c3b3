using Macp.Grpc;

namespace Macp.Client.Tests;

public class SessionListTests
{
    static readonly MacpAuth Alice = MacpAuth.DevAgent("alice");

    [Fact]
    public async Task The_pages_are_one_list_and_each_is_asked_for_when_it_is_needed()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnListSessions = (request, _) => new(request.PageToken switch
        {
            "" => Page("two", "a", "b"),
            "two" => Page("three"),
            _ => Page("", "c"),
        });
        var seen = new List<(string, int)>();

        await foreach (var session in client.ListSessionsAsync(pageSize: 2)) seen.Add((session.SessionId, runtime.Requests.Count));

        Assert.Equal([("a", 1), ("b", 1), ("c", 3)], seen);
        Assert.Equal([("", 2), ("two", 2), ("three", 2)], runtime.Requests.Cast<ListSessionsRequest>().Select(r => (r.PageToken, r.PageSize)));
        Assert.All(runtime.Credentials, credential => Assert.Equal("Bearer alice", credential));
        Assert.All(runtime.Headers, headers => Assert.Null(headers.Get("macp-include-finished")));
    }

    [Fact]
    public async Task Finished_sessions_are_asked_for_by_a_header_on_every_page_beside_the_callers_own()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnListSessions = (request, _) => new(request.PageToken.Length == 0 ? Page("two", "a") : Page("", "b"));

        await foreach (var _ in client.ListSessionsAsync(includeFinished: true, call: new() { Headers = new Dictionary<string, string> { ["x-trace"] = "t" } })) { }

        Assert.Equal(2, runtime.Headers.Count);
        Assert.All(runtime.Headers, headers => Assert.Equal(("1", "t"), (headers.Get("macp-include-finished"), headers.Get("x-trace"))));
    }

    [Fact]
    public async Task A_token_that_fires_within_a_page_ends_the_list_there()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnListSessions = (_, _) => new(Page("", "a", "b"));
        using var stop = new CancellationTokenSource();
        int seen = 0;

        await Assert.ThrowsAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in client.ListSessionsAsync(cancellationToken: stop.Token))
            {
                seen++;
                stop.Cancel();
            }
        });

        Assert.Equal(1, seen);
    }

    [Fact]
    public async Task Pages_that_lead_in_a_circle_are_left()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnListSessions = (request, _) => new(Page(request.PageToken == "x" ? "y" : "x", "a"));
        int seen = 0;

        await Assert.ThrowsAsync<MacpProtocolException>(async () =>
        {
            await foreach (var _ in client.ListSessionsAsync()) seen++;
        });

        Assert.Equal(3, seen);
    }

    [Fact]
    public async Task A_page_is_asked_for_again_after_a_transient_failure_and_a_refusal_is_thrown()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice, o => o with { TimeProvider = new HastyTime(), Retry = MacpRetryPolicy.Default });
        runtime.OnListSessions = (_, _) => runtime.Requests.Count == 1 ? throw new GrpcException(GrpcStatusCode.Unavailable, "busy") : new(Page("", "a"));
        Assert.Equal(["a"], await IdsAsync(client));

        runtime.OnListSessions = (_, _) => throw new GrpcException(GrpcStatusCode.InvalidArgument, "page_token");
        Assert.Equal(GrpcStatusCode.InvalidArgument, (await Assert.ThrowsAsync<MacpTransportException>(() => IdsAsync(client))).StatusCode);
        await Assert.ThrowsAsync<MacpConfigurationException>(() => IdsAsync(runtime.Connect()));
    }

    [Fact]
    public async Task A_page_is_asked_for_by_itself_and_says_what_leads_on()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        runtime.OnListSessions = (request, _) => request.PageToken is "stale"
            ? throw new GrpcException(GrpcStatusCode.InvalidArgument, "page_token") : new(request.PageToken.Length == 0 ? Page("two", "a", "b") : Page("", "c"));

        var first = await client.ListSessionsPageAsync();
        var second = await client.ListSessionsPageAsync(first.NextPageToken, includeFinished: true, pageSize: 7);

        Assert.Equal("a b two", string.Join(' ', first.Sessions.Select(session => session.SessionId).Append(first.NextPageToken)));
        Assert.Equal("c ", string.Join(' ', second.Sessions.Select(session => session.SessionId).Append(second.NextPageToken)));
        Assert.Equal([("", 0), ("two", 7)], runtime.Requests.Cast<ListSessionsRequest>().Select(r => (r.PageToken, r.PageSize)));
        Assert.Equal([null, "1"], runtime.Headers.Select(headers => headers.Get("macp-include-finished")));
        Assert.Equal(GrpcStatusCode.InvalidArgument, (await Assert.ThrowsAsync<MacpTransportException>(() => client.ListSessionsPageAsync("stale"))).StatusCode);
    }

    [Fact]
    public async Task A_session_is_told_whole_and_as_it_came()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        var metadata = new SessionMetadata { SessionId = "s", Mode = "m", State = SessionState.Suspended, Initiator = "alice", Participants = { "bob" }, StartedAtUnixMs = 5 };
        runtime.OnListSessions = (_, _) => new(new ListSessionsResponse { Sessions = { metadata } });

        var session = Assert.Single(await ListAsync(client));

        Assert.Equal(("s", "m", SessionState.Suspended, "alice", 5L), (session.SessionId, session.Mode, session.State, session.Initiator, session.StartedAt!.Value.ToUnixTimeMilliseconds()));
        Assert.Equal(metadata, session.Metadata);
    }

    static ListSessionsResponse Page(string next, params string[] ids) => new() { NextPageToken = next, Sessions = { ids.Select(id => new SessionMetadata { SessionId = id }) } };

    static async Task<List<string>> IdsAsync(MacpClient client) => [.. (await ListAsync(client)).Select(session => session.SessionId)];

    static async Task<List<SessionInfo>> ListAsync(MacpClient client)
    {
        var sessions = new List<SessionInfo>();
        await foreach (var session in client.ListSessionsAsync()) sessions.Add(session);
        return sessions;
    }
}
