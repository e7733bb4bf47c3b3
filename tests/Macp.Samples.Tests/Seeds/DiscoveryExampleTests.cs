using System.Collections.Concurrent;
using System.Net;
using Macp.Client;
using Macp.Modes;
using Macp.Modes.Standard;
using Macp.Server;
using Macp.Wire.V1;

namespace Macp.Samples.Tests.Seeds;

/// <summary>The examples of "Session Discovery", line by line, on a runtime that knows the page's token.</summary>
public sealed class DiscoveryExampleTests : IAsyncLifetime
{
    const string Tokens = """
        [
          { "token": "tok-ops", "sender": "ops", "can_start_sessions": false, "is_observer": true },
          { "token": "tok-agent", "sender": "agent" },
          { "token": "tok-other", "sender": "other" }
        ]
        """;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    MacpHost _runtime = null!;
    MacpClient _agent = null!;

    public async Task InitializeAsync()
    {
        _runtime = await MacpHost.StartAsync(new ModeCatalog().Add<DecisionMode>(), new()
        {
            Listen = new(IPAddress.Loopback, 0),
            AllowInsecure = true,
            LogLevel = Microsoft.Extensions.Logging.LogLevel.Error,
            ShutdownDrain = TimeSpan.FromSeconds(2),
            Authentication = new() { TokensJson = Tokens },
        });
        _agent = Client("tok-agent", "agent");
    }

    public async Task DisposeAsync()
    {
        await _agent.DisposeAsync();
        await _runtime.DisposeAsync();
    }

    /// <summary>"list_sessions (snapshot)".</summary>
    [Fact]
    public async Task A_supervisor_lists_what_goes_on()
    {
        string id = await StartAsync();
        var output = new StringWriter();

        await using var client = new MacpClient(new()
        {
            Endpoint = _runtime.Address,
            AllowInsecure = true,
            Auth = MacpAuth.Bearer("tok-ops", expectedSender: "ops"),
        });
        await client.InitializeAsync();

        await foreach (var meta in client.ListSessionsAsync())
        {
            output.WriteLine(string.Join(' ',
                meta.SessionId,
                meta.Mode,
                meta.State,
                meta.ContextId is "" ? "-" : meta.ContextId,
                string.Join(',', meta.ExtensionKeys)));
        }

        Assert.Equal($"{id} macp.mode.decision.v1 Open release-7 x-ticket{Environment.NewLine}", output.ToString());
    }

    /// <summary>"SessionLifecycleWatcher (live stream)".</summary>
    [Fact]
    public async Task A_watcher_tells_what_happens_until_a_session_ends()
    {
        await using var client = Client("tok-ops", "ops");
        string id = await StartAsync();
        var told = new List<string>();

        var watcher = new SessionLifecycleWatcher(client);

        await foreach (var change in watcher.Changes())
        {
            told.Add($"{change.Type} {change.Session.SessionId}");
            if (change.IsTerminal)
            {
                // This session will not emit more events.
                break;
            }
            await _agent.CancelSessionAsync(id);
        }

        Assert.Equal([$"CREATED {id}", $"CANCELLED {id}"], told);
    }

    /// <summary>The table of predicates, and "Startup snapshot semantics": a CREATED for every session that is there, and for every new one.</summary>
    [Fact]
    public async Task A_supervisor_that_comes_late_registers_what_is_there_and_finalises_what_ends()
    {
        await using var client = Client("tok-ops", "ops");
        string there = await StartAsync();
        var (registered, finalised) = (new List<string>(), new List<SessionChange>());
        string? later = null;

        await foreach (var change in new SessionLifecycleWatcher(client).Changes())
        {
            if (change.IsCreated)
                registered.Add(change.Session.SessionId); // once for each that was there, and for every new one
            else if (change.IsTerminal)
                finalised.Add(change);

            if (finalised.Count == 2) break;
            if (later is null) later = await StartAsync();
            else if (registered.Count == 2 && finalised.Count == 0) await CommitAsync(there);
            else await _agent.CancelSessionAsync(later);
        }

        Assert.Equal([there, later!], registered);
        Assert.Equal([there, later!], finalised.Select(change => change.Session.SessionId));
        Assert.Equal((true, false), (finalised[0].IsResolved, finalised[0].IsExpired));
        // On the page's runtimes a cancelled session counts as expired; it is a kind of its own since.
        Assert.Equal((false, false, true), (finalised[1].IsResolved, finalised[1].IsExpired, finalised[1].IsCancelled));
    }

    /// <summary>"Blocking handler form", and "Threading": the watcher runs beside whatever else the process does with the same client.</summary>
    [Fact]
    public async Task A_handler_watches_in_the_background()
    {
        var dashboard = new ConcurrentDictionary<string, string>();
        using var stop = new CancellationTokenSource();

        void OnChange(SessionChange change) => dashboard[change.Session.SessionId] = change.Type;

        var watching = Task.Run(() => new SessionLifecycleWatcher(_agent).WatchAsync(OnChange, stop.Token));
        string id = await StartAsync();
        await CommitAsync(id);

        for (int i = 0; i < 3000 && dashboard.GetValueOrDefault(id) != "RESOLVED"; i++) await Task.Delay(10);
        Assert.Equal("RESOLVED", dashboard[id]);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching.WaitAsync(Patience));
    }

    /// <summary>"Authorisation": an agent only sees sessions that it takes part in, and those that its token is authorised to observe.</summary>
    [Fact]
    public async Task Whoever_takes_no_part_and_observes_nothing_sees_no_session()
    {
        string id = await StartAsync();
        await using var ops = Client("tok-ops", "ops");
        await using var other = Client("tok-other", "other");
        await using var nobody = Client("tok-nobody", null);

        Assert.Equal(id, Assert.Single(await ops.ListSessionsAsync().ToListAsync()).SessionId);
        Assert.Empty(await other.ListSessionsAsync().ToListAsync());
        var refused = await Assert.ThrowsAsync<MacpTransportException>(async () => await nobody.ListSessionsAsync().ToListAsync());
        Assert.Equal("UNAUTHENTICATED", refused.StatusName);
    }

    MacpClient Client(string token, string? sender) => new(new() { Endpoint = _runtime.Address, AllowInsecure = true, Auth = MacpAuth.Bearer(token, expectedSender: sender) });

    async Task<string> StartAsync()
    {
        await using var session = new DecisionSession(_agent);
        await session.StartAsync(new()
        {
            Intent = "roll out",
            Participants = ["agent"],
            TimeToLive = TimeSpan.FromMinutes(5),
            ContextId = "release-7",
            Extensions = new Dictionary<string, Google.Protobuf.ByteString> { ["x-ticket"] = Google.Protobuf.ByteString.CopyFromUtf8("T-7") },
        });
        return session.SessionId;
    }

    async Task CommitAsync(string id)
    {
        await using var session = new DecisionSession(_agent, new() { SessionId = id });
        await session.ProposeAsync("p", "go");
        await session.CommitAsync(new() { Action = "decision.selected", AuthorityScope = "release", Reason = "nobody objects" });
        Assert.Equal(SessionState.Resolved, session.State);
    }
}
