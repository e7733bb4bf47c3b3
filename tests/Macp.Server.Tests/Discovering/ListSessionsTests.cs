using Macp.Grpc;
using Macp.Server.Authentication;
using Macp.Wire.V1;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Server.Tests;

/// <summary>ListSessions: pages, tokens, and what is listed (wire.md; decisions 18 and 22).</summary>
public sealed class ListSessionsTests
{
    static readonly (string, string) Finished = ("macp-include-finished", "1");

    [Fact]
    public async Task A_list_comes_in_pages_by_id_and_ends_with_an_empty_token()
    {
        await using var runtime = await TestRuntime.StartAsync();
        var ids = await OpenAsync(runtime, 5);

        Assert.Equal([ids[..2], ids[2..4], ids[4..]], await runtime.PagesAsync("ini", 2));
        Assert.Equal([ids], await runtime.PagesAsync("ini", 5)); // no page follows a full one that was the last
        Assert.Equal([ids], await runtime.PagesAsync("alice"));
        Assert.Equal([[]], await runtime.PagesAsync("mallory"));
    }

    [Fact]
    public async Task A_list_tells_what_GetSession_tells()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync(start => start.ContextId = "ctx");
        await runtime.AcceptsAsync("alice", Envelopes.Proposal(session));

        var page = await PageAsync(runtime, "bob", new());

        Assert.Equal(await runtime.MetadataAsync(session), Assert.Single(page.Sessions));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(4, 3)]
    [InlineData(int.MaxValue, 3)]
    public async Task A_page_has_the_servers_size_when_none_is_asked_for_and_never_more_than_its_most(int asked, int given)
    {
        await using var runtime = await TestRuntime.StartAsync(new() { SessionsPageSize = 2, MaxSessionsPageSize = 3 });
        await OpenAsync(runtime, 5);

        Assert.Equal(given, (await PageAsync(runtime, "ini", new() { PageSize = asked })).Sessions.Count);
    }

    [Fact]
    public async Task A_page_of_large_sessions_has_fewer_so_that_a_client_can_take_it()
    {
        await using var runtime = await TestRuntime.StartAsync();
        var participants = Enumerable.Range(0, 1000).Select(i => $"{i}-{new string('x', 200)}").ToList();
        for (int i = 0; i < 25; i++) await runtime.OpenAsync(start => start.Participants.Add(participants[..^3]));

        var pages = await runtime.PagesAsync("ini"); // 5 MB in all, more than gRPC's clients take

        Assert.Equal(25, pages.SelectMany(page => page).Distinct().Count());
        Assert.All(pages[..^1], page => Assert.InRange(page.Length, 2, 15));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public async Task A_negative_size_is_invalid(int size)
    {
        await using var runtime = await TestRuntime.StartAsync();
        Assert.StartsWith("INVALID_REQUEST:", await PageAsync(runtime, "ini", new() { PageSize = size }).FailsWith(GrpcStatusCode.InvalidArgument), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sessions_that_have_ended_are_listed_to_those_that_ask_for_them_by_1()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string open = await runtime.OpenAsync(start => start.TtlMs = 86_400_000), suspended = await runtime.OpenAsync();
        string resolved = await runtime.DeliberateAsync(), cancelled = await runtime.OpenAsync(), expired = await runtime.OpenAsync();
        await runtime.SuspendAsync("ini", suspended);
        await runtime.CancelAsync("ini", cancelled);
        await runtime.AcceptsAsync("ini", Envelopes.Commitment(resolved));
        runtime.Time.Advance(TimeSpan.FromMilliseconds(60_001)); // and nobody has looked at the one that expires now

        string[] live = Sorted(open, suspended), all = Sorted(open, suspended, resolved, cancelled, expired);
        foreach (var metadata in (ValueTuple<string, string>[][])[[], [("macp-include-finished", "0")], [("macp-include-finished", "true")], [("macp-include-finished", "")]])
            Assert.Equal([live], await runtime.PagesAsync("ini", 0, metadata));
        Assert.Equal([all], await runtime.PagesAsync("ini", 0, Finished));
        var states = (await PageAsync(runtime, "bob", new(), Finished)).Sessions.ToDictionary(session => session.SessionId, session => session.State);
        Assert.Equal(
            [SessionState.Open, SessionState.Suspended, SessionState.Resolved, SessionState.Cancelled, SessionState.Expired],
            ((string[])[open, suspended, resolved, cancelled, expired]).Select(id => states[id]));
    }

    public static TheoryData<string> Strays => ["an earlier process", "another list", "another identity", "truncated", "longer", "a blank", "no base64", "forged", "huge"];

    [Theory]
    [MemberData(nameof(Strays))]
    public async Task A_token_that_does_not_lead_on_is_invalid(string stray)
    {
        await using var runtime = await TestRuntime.StartAsync();
        await using var earlier = await TestRuntime.StartAsync();
        foreach (string id in await OpenAsync(runtime, 3)) await earlier.AcceptsAsync("ini", Envelopes.Start(id));
        string token = await TokenAsync(runtime, "ini");
        string wrong = stray switch
        {
            "an earlier process" => await TokenAsync(earlier, "ini"),
            "another list" => await TokenAsync(runtime, "ini", Finished),
            "another identity" => await TokenAsync(runtime, "alice"),
            "truncated" => token[..^4],
            "longer" => token + "AAAA",
            "a blank" => " ",
            "no base64" => "../../etc",
            "forged" => Convert.ToBase64String([.. new byte[16], .. "v1:"u8, .. "0"u8]).TrimEnd('='),
            _ => new string('A', 500_000),
        };

        Assert.StartsWith("INVALID_REQUEST:", await PageAsync(runtime, "ini", new() { PageToken = wrong }).FailsWith(GrpcStatusCode.InvalidArgument), StringComparison.Ordinal);
        Assert.Equal(2, (await PageAsync(runtime, "ini", new() { PageToken = token })).Sessions.Count);
    }

    [Fact]
    public async Task A_token_in_which_one_character_is_another_leads_nowhere_else()
    {
        await using var runtime = await TestRuntime.StartAsync();
        var ids = await OpenAsync(runtime, 3);
        string token = await TokenAsync(runtime, "ini");
        for (int i = 0; i < token.Length; i++)
            foreach (char other in "A9_-= \n\u00e9")
            {
                string wrong = $"{token[..i]}{other}{token[(i + 1)..]}";
                // Two texts may be the same bytes; then it is the same token.
                var page = await PageAsync(runtime, "ini", new() { PageToken = wrong }).Or(GrpcStatusCode.InvalidArgument);
                if (page is not null) Assert.Equal(ids[1..], page.Sessions.Select(session => session.SessionId));
            }
    }

    [Fact]
    public async Task A_list_goes_on_behind_a_session_that_has_ended_since()
    {
        await using var runtime = await TestRuntime.StartAsync();
        var ids = await OpenAsync(runtime, 3);
        string token = await TokenAsync(runtime, "ini");
        await runtime.CancelAsync("ini", ids[0]);
        Assert.Equal(ids[1..], (await PageAsync(runtime, "ini", new() { PageToken = token })).Sessions.Select(session => session.SessionId));
    }

    [Fact]
    public async Task Nobody_is_told_nothing_whatever_the_request_is()
    {
        await using var runtime = await TestRuntime.StartAsync(configure: services => services.AddSingleton<IAuthenticator, Town>());
        await PageAsync(runtime, null, new()).FailsWith(GrpcStatusCode.Unauthenticated);
        await PageAsync(runtime, null, new() { PageSize = -1, PageToken = "x" }, Finished).FailsWith(GrpcStatusCode.Unauthenticated);
    }

    static async Task<string[]> OpenAsync(TestRuntime runtime, int count)
    {
        var ids = new List<string>();
        for (int i = 0; i < count; i++) ids.Add(await runtime.OpenAsync());
        return Sorted([.. ids]);
    }

    static string[] Sorted(params string[] ids) => [.. ids.Order(StringComparer.Ordinal)];

    static Task<ListSessionsResponse> PageAsync(TestRuntime runtime, string? sender, ListSessionsRequest request, params (string, string)[] metadata) =>
        runtime.Channel.UnaryAsync(Rpc.ListSessions, request, Rpc.As(sender, metadata)).Happens();

    static async Task<string> TokenAsync(TestRuntime runtime, string sender, params (string, string)[] metadata) =>
        (await PageAsync(runtime, sender, new() { PageSize = 1 }, metadata)).NextPageToken;
}
