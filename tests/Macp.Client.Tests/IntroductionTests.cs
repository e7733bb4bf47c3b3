using System.Net;
using System.Net.Sockets;
using Macp.Protocol;

namespace Macp.Client.Tests;

/// <summary>How a client meets a runtime: not before it is asked to, and with all that it can do.</summary>
public class IntroductionTests
{
    [Fact]
    public async Task A_client_that_is_made_connects_to_nobody()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var client = new MacpClient(new() { Endpoint = new($"http://{listener.LocalEndpoint}"), AllowInsecure = true, Auth = MacpAuth.DevAgent("alice") });
        _ = new NoteSession(client);
        using var other = new TcpClient();
        await other.ConnectAsync((IPEndPoint)listener.LocalEndpoint);

        // Whoever connected before would stand in front of this one.
        using var first = await listener.AcceptTcpClientAsync();
        Assert.Equal(((IPEndPoint)other.Client.LocalEndPoint!).Port, ((IPEndPoint)first.Client.RemoteEndPoint!).Port);
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task A_client_says_all_that_it_can_do()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect();

        await client.InitializeAsync();

        var offer = Assert.IsType<InitializeRequest>(Assert.Single(runtime.Requests));
        Assert.Equal(
            new Capabilities
            {
                Sessions = new() { Stream = true, ListSessions = true, WatchSessions = true },
                Cancellation = new() { CancelSession = true },
                Progress = new() { Progress = true },
                Manifest = new() { GetManifest = true },
                ModeRegistry = new() { ListModes = true, ListChanged = true },
                Roots = new() { ListRoots = true, ListChanged = true },
                PolicyRegistry = new() { RegisterPolicy = true, ListPolicies = true, ListChanged = true },
                Experimental = new(),
            },
            offer.Capabilities);
        Assert.NotEmpty(offer.ClientInfo.Description);
        Assert.Equal("", offer.ClientInfo.WebsiteUrl);
        Assert.Equal([MacpProtocol.Version], offer.SupportedProtocolVersions);
    }

    [Fact]
    public async Task What_is_sent_by_whatever_call_is_sent_in_no_other_name_than_the_credentials()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(MacpAuth.DevAgent("alice"));
        var (session, mallory) = (new NoteSession(client), new MacpCallOptions { Sender = "mallory" });
        var commit = new CommitOptions { Action = "notes.taken", AuthorityScope = "team", Reason = "done" };

        foreach (Func<Task> call in (Func<Task>[])
        [
            () => session.StartAsync(NoteSession.Start("alice"), mallory), () => session.CommitAsync(commit, mallory), () => client.SendProgressAsync(new("t", 1, 2), mallory),
        ])
            Assert.Equal("mallory", (await Assert.ThrowsAsync<MacpIdentityMismatchException>(call)).ActualSender);

        Assert.Empty(runtime.Sent);
    }

    [Fact]
    public async Task A_credential_is_one_header_and_whom_it_expects_is_not_told()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(MacpAuth.Bearer("t0k3n", expectedSender: "expected", senderHint: "hinted"));

        await client.GetSessionAsync("s");

        var headers = Assert.Single(runtime.Headers);
        Assert.Equal("Bearer t0k3n", headers.Get("authorization"));
        Assert.Single(headers, entry => $"{entry}".Contains("t0k3n", StringComparison.Ordinal));
        Assert.DoesNotContain(headers, entry => $"{entry}".Contains("expected", StringComparison.Ordinal) || $"{entry}".Contains("hinted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_default_timeout_does_not_touch_watches()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        var deadlines = new List<DateTimeOffset?>();
        runtime.OnWatchSessions = (_, call) => Heard(call.Deadline);
        runtime.OnWatchSignals = (_, call) => Heard(call.Deadline);
        runtime.OnWatchPolicies = (_, call) => Heard(call.Deadline);
        runtime.OnWatchModeRegistry = (_, call) => Heard(call.Deadline);
        runtime.OnWatchRoots = (_, call) => Heard(call.Deadline);
        await using var client = runtime.Connect(MacpAuth.DevAgent("alice"), o => o with { DefaultTimeout = TimeSpan.FromMinutes(10) });

        await foreach (var _ in client.WatchSessionsAsync()) { }
        await foreach (var _ in client.WatchSignalsAsync()) { }
        await foreach (var _ in client.WatchPoliciesAsync()) { }
        await foreach (var _ in client.WatchModeRegistryAsync()) { }
        await foreach (var _ in client.WatchRootsAsync()) { }

        Assert.Equal(Enumerable.Repeat<DateTimeOffset?>(null, 5), deadlines);

        Task Heard(DateTimeOffset? deadline)
        {
            deadlines.Add(deadline);
            return Task.CompletedTask;
        }
    }
}
