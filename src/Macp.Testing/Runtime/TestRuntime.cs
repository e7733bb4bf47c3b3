using System.Net;
using Macp.Client;
using Macp.Modes;
using Macp.Runtime;
using Macp.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Macp.Testing;

/// <summary>
/// A runtime in memory for a test: real gRPC on a free loopback port, whatever token a client brings is its name, and limits that do not get in
/// the way. One a test is cheap.
/// </summary>
public sealed class TestRuntime : IAsyncDisposable
{
    readonly MacpHost _host;
    readonly TimeProvider _clock;
    readonly List<MacpClient> _clients = [];

    TestRuntime(MacpHost host, TimeProvider clock) => (_host, _clock) = (host, clock);

    /// <summary>Where it listens.</summary>
    public Uri Endpoint => _host.Address;

    /// <summary>The kernel.</summary>
    public MacpRuntime Kernel => _host.Runtime;

    /// <summary>The clock it lives by.</summary>
    internal TimeProvider Clock => _clock;

    /// <summary>Starts a runtime.</summary>
    /// <param name="modes">Adds the modes to host.</param>
    /// <param name="clock">The clock of the runtime and of the clients that it connects, such as a <see cref="TestClock"/>; the system's when null.</param>
    /// <param name="options">The kernel's limits; null for hardly any.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    public static async Task<TestRuntime> StartAsync(
        Action<ModeCatalog> modes, TimeProvider? clock = null, MacpRuntimeOptions? options = null, CancellationToken cancellationToken = default)
    {
        clock ??= TimeProvider.System;
        var catalog = new ModeCatalog();
        modes(catalog);
        var server = new MacpServerOptions
        {
            Listen = new(IPAddress.Loopback, 0),
            AllowInsecure = true,
            ShutdownDrain = TimeSpan.FromSeconds(2),
            LogLevel = LogLevel.Warning,
            Runtime = options ?? new() { SessionStartLimitPerMinute = int.MaxValue, MessageLimitPerMinute = int.MaxValue },
        };
        return new(await MacpHost.StartAsync(catalog, server, services => services.AddSingleton(clock), cancellationToken).ConfigureAwait(false), clock);
    }

    /// <summary>A client with a connection of its own, in the name of a participant. It lives by the runtime's clock, timeouts included, and is closed with the runtime.</summary>
    /// <param name="participant">The sender.</param>
    public MacpClient Connect(string participant)
    {
        var client = new MacpClient(new() { Endpoint = Endpoint, AllowInsecure = true, Auth = MacpAuth.DevAgent(participant), TimeProvider = _clock });
        lock (_clients) _clients.Add(client);
        return client;
    }

    /// <summary>Closes the clients and stops the runtime.</summary>
    public async ValueTask DisposeAsync()
    {
        MacpClient[] clients;
        lock (_clients) clients = [.. _clients];
        foreach (var client in clients) await client.DisposeAsync().ConfigureAwait(false);
        await _host.DisposeAsync().ConfigureAwait(false);
    }
}
