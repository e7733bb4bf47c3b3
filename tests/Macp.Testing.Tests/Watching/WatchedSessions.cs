using System.Net;
using Macp.Client;
using Macp.Modes;
using Macp.Modes.Standard;
using Macp.Server;
using Macp.Tests;

namespace Macp.Testing.Tests;

/// <summary>A runtime with a journal, which can be stopped and started again; those who work reach it straight, and whoever watches through a proxy.</summary>
sealed class WatchedSessions : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly TemporaryFolder _folder = new();
    readonly List<MacpClient> _clients = [];
    MacpHost _host = null!;

    public CuttingProxy Proxy { get; private set; } = null!;

    /// <summary>The initiator of all sessions.</summary>
    public MacpClient Ann { get; private set; } = null!;

    public static async Task<WatchedSessions> StartAsync()
    {
        var sessions = new WatchedSessions();
        await sessions.ComeBackAsync();
        return sessions;
    }

    public async Task ComeBackAsync()
    {
        _host = await MacpHost.StartAsync(new ModeCatalog().Add<DecisionMode>(), new MacpServerOptions
        {
            Listen = new(IPAddress.Loopback, 0),
            AllowInsecure = true,
            DataFolder = _folder.Path,
            ShutdownDrain = TimeSpan.FromMilliseconds(100),
            Runtime = new() { SessionStartLimitPerMinute = int.MaxValue, MessageLimitPerMinute = int.MaxValue },
        });
        Proxy ??= new(_host.Address);
        Proxy.Target = _host.Address;
        Ann = Connect(_host.Address, "ann");
    }

    public ValueTask StopAsync() => _host.DisposeAsync();

    /// <summary>Somebody who watches sessions through the proxy, and hurries to come back.</summary>
    public WatchedHistories Watch()
    {
        var reconnect = new WatchOptions().Reconnect with { MaxRetries = 1000, BaseDelay = TimeSpan.FromMilliseconds(5), MaxDelay = TimeSpan.FromMilliseconds(50) };
        return new(new SessionLifecycleWatcher(Connect(Proxy.Endpoint, "bob"), new() { Reconnect = reconnect }));
    }

    public Task<string> OpenAsync() => OpenAsync(Ann);

    public static async Task<string> OpenAsync(MacpClient initiator)
    {
        var session = new DecisionSession(initiator);
        await session.StartAsync(new() { Intent = "choose", Participants = ["ann", "bob"], TimeToLive = TimeSpan.FromMinutes(30) });
        return session.SessionId;
    }

    public async Task ResolveAsync(string id)
    {
        var session = new DecisionSession(Ann, new() { SessionId = id });
        await session.ProposeAsync("p1", "an option");
        await session.CommitAsync(new() { Action = "decision.selected", AuthorityScope = "team", Reason = "agreed" });
    }

    /// <summary>Waits until what was told is so.</summary>
    public static async Task Soon(Func<bool> isSo, Func<string> otherwise)
    {
        for (var begun = TimeProvider.System.GetTimestamp(); !isSo();)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < Patience, otherwise());
            await Task.Delay(5);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) await client.DisposeAsync();
        await Proxy.DisposeAsync();
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    MacpClient Connect(Uri endpoint, string name)
    {
        var client = new MacpClient(new() { Endpoint = endpoint, AllowInsecure = true, Auth = MacpAuth.DevAgent(name) });
        _clients.Add(client);
        return client;
    }
}
