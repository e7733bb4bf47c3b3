using System.Diagnostics;
using Macp.Grpc;

namespace Macp.Client.Tests;

public class NegotiationTests
{
    static readonly MacpAuth Alice = MacpAuth.DevAgent("alice");

    [Fact]
    public async Task Initialize_offers_the_version_introduces_the_client_and_keeps_the_answer()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(configure: o => o with { ClientName = "planner" });
        runtime.OnInitialize = (_, _) => ValueTask.FromResult(new InitializeResponse
        {
            SelectedProtocolVersion = "1.0",
            RuntimeInfo = new() { Name = "fake", Version = "9" },
            Capabilities = new() { Sessions = new() { Stream = true } },
            SupportedModes = { Notes.Mode },
            Instructions = "be brief",
        });

        Assert.Null(client.Negotiated);
        var answer = await client.InitializeAsync();

        Assert.Same(answer, client.Negotiated);
        Assert.Equal(("1.0", "9", "be brief", true), (answer.ProtocolVersion, answer.Runtime.Version, answer.Instructions, answer.Capabilities.Sessions.Stream));
        Assert.Equal([Notes.Mode], answer.SupportedModes);
        var request = Assert.IsType<InitializeRequest>(Assert.Single(runtime.Requests));
        Assert.Equal(["1.0"], request.SupportedProtocolVersions);
        string version = FileVersionInfo.GetVersionInfo(typeof(MacpClient).Assembly.Location).ProductVersion!.Split('+')[0];
        Assert.Equal(("planner", "planner", version), (request.ClientInfo.Name, request.ClientInfo.Title, request.ClientInfo.Version));
        Assert.True(request.Capabilities is { Sessions: { Stream: true, ListSessions: true, WatchSessions: true }, Cancellation.CancelSession: true, Manifest.GetManifest: true });
    }

    [Fact]
    public async Task A_version_that_was_not_offered_is_not_accepted()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect();
        runtime.OnInitialize = (_, _) => ValueTask.FromResult(new InitializeResponse { SelectedProtocolVersion = "9.9" });

        Assert.Contains("9.9", (await Assert.ThrowsAsync<MacpProtocolException>(() => client.InitializeAsync())).Message);
        Assert.Null(client.Negotiated);
    }

    [Fact]
    public async Task A_runtime_without_a_common_version_is_told_from_other_failures()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect();
        runtime.OnInitialize = (_, _) => throw new GrpcException(GrpcStatusCode.FailedPrecondition, "UNSUPPORTED_PROTOCOL_VERSION: speaks 2.0");
        await Assert.ThrowsAsync<MacpProtocolException>(() => client.InitializeAsync());

        runtime.OnInitialize = (_, _) => throw new GrpcException(GrpcStatusCode.FailedPrecondition, "draining");
        await Assert.ThrowsAsync<MacpTransportException>(() => client.InitializeAsync());
    }

    [Fact]
    public async Task What_a_runtime_can_do_can_be_asked()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect();
        var silent = await client.InitializeAsync();
        runtime.OnInitialize = (_, _) => ValueTask.FromResult(new InitializeResponse
        {
            SelectedProtocolVersion = "1.0",
            SupportedModes = { Notes.Mode },
            Capabilities = new()
            {
                Sessions = new() { Stream = true, ListSessions = true, WatchSessions = true }, Cancellation = new() { CancelSession = true }, Progress = new() { Progress = true },
                Manifest = new() { GetManifest = true }, ModeRegistry = new() { ListModes = true, ListChanged = true }, Roots = new() { ListRoots = true, ListChanged = true },
                PolicyRegistry = new() { RegisterPolicy = true, ListPolicies = true, ListChanged = true }, Experimental = new() { Features = { ["ext_mode_lifecycle"] = "true" } },
            },
        });
        var able = await client.InitializeAsync();

        Assert.All(Answers(silent), Assert.False);
        Assert.All(Answers(able), Assert.True);
        Assert.False((able with { Capabilities = new() { PolicyRegistry = new() { ListPolicies = true } } }).CanRegisterPolicies);
        Assert.False(able.Hosts("ext.other.v1"));

        static bool[] Answers(MacpNegotiation n) =>
        [
            n.CanStream, n.CanListSessions, n.CanWatchSessions, n.CanCancelSessions, n.CanSendProgress, n.CanGetManifests, n.CanListModes, n.CanWatchModes, n.CanListRoots,
            n.CanWatchRoots, n.CanRegisterPolicies, n.CanListPolicies, n.CanWatchPolicies, n.CanRegisterModes, n.Hosts(Notes.Mode),
        ];
    }

    [Fact]
    public async Task The_first_call_negotiates_once_for_all_where_that_is_asked_for()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice, o => o with { AutoInitialize = true });

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => client.SendAsync(Notes.Note("s", "alice", $"{i}"))));
        await foreach (var _ in client.WatchSessionsAsync()) { }
        await using var stream = await client.OpenStreamAsync();

        Assert.Equal("fake", client.Negotiated!.Runtime.Name);
        Assert.IsType<InitializeRequest>(runtime.Requests.First());
        Assert.Single(runtime.Requests.OfType<InitializeRequest>());
        Assert.Equal("1.0", client.CreateEnvelope(Notes.Mode, "s", "Note", new SignalPayload()).MacpVersion);
    }

    [Fact]
    public async Task A_stream_or_a_watch_negotiates_too_where_it_comes_first()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var watching = runtime.Connect(Alice, o => o with { AutoInitialize = true });
        await using var streaming = runtime.Connect(Alice, o => o with { AutoInitialize = true });

        await foreach (var _ in watching.WatchSessionsAsync()) { }
        await using var stream = await streaming.OpenStreamAsync();

        Assert.Equal(2, runtime.Requests.OfType<InitializeRequest>().Count());
    }

    [Fact]
    public async Task A_negotiation_that_fails_fails_the_call_and_the_next_call_tries_again()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice, o => o with { AutoInitialize = true });
        var agree = runtime.OnInitialize;
        runtime.OnInitialize = (_, _) => throw new GrpcException(GrpcStatusCode.Unavailable, "starting");
        Assert.Equal(GrpcStatusCode.Unavailable, (await Assert.ThrowsAsync<MacpTransportException>(() => client.SendAsync(Notes.Note("s", "alice", "x")))).StatusCode);
        runtime.OnInitialize = (_, _) => ValueTask.FromResult(new InitializeResponse { SelectedProtocolVersion = "9.9" });
        await Assert.ThrowsAsync<MacpProtocolException>(() => client.SendAsync(Notes.Note("s", "alice", "x")));
        Assert.Empty(runtime.Sent);

        runtime.OnInitialize = agree;
        await client.SendAsync(Notes.Note("s", "alice", "x"));
        Assert.Single(runtime.Sent);
    }

    [Fact]
    public async Task A_caller_who_gives_up_does_not_end_the_negotiation_for_the_others()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice, o => o with { AutoInitialize = true });
        var (agree, asked, answer) = (runtime.OnInitialize, new TaskCompletionSource(), new TaskCompletionSource());
        runtime.OnInitialize = async (request, call) =>
        {
            asked.SetResult();
            await answer.Task;
            return await agree(request, call);
        };
        using var source = new CancellationTokenSource();
        var (hasty, patient) = (client.GetSessionAsync("s", null, source.Token), client.GetSessionAsync("s"));
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hasty);
        answer.SetResult();

        Assert.Equal("s", (await patient).SessionId);
        Assert.Single(runtime.Requests.OfType<InitializeRequest>());
    }
}
