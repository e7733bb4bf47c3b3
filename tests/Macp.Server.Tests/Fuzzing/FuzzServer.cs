using System.Net;
using Macp.Modes;
using Macp.Modes.MultiRound;
using Macp.Modes.Standard;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Macp.Server.Tests.Fuzzing;

/// <summary>A server with the built-in modes that is watched from the inside: its log, its calls, its connections.</summary>
sealed class FuzzServer : IAsyncDisposable
{
    public const int LargestPayload = 16 * 1024, LargestMessage = LargestPayload + (64 * 1024);

    readonly MacpHost _host;

    FuzzServer(MacpHost host, Alarm alarm, OpenCalls calls, OpenConnections connections)
    {
        (_host, Alarm, Calls, Connections) = (host, alarm, calls, connections);
        Gun = new(host.Address);
    }

    public static ModeCatalog Modes { get; } =
        new ModeCatalog().Add<DecisionMode>().Add<ProposalMode>().Add<TaskMode>().Add<HandoffMode>().Add<QuorumMode>().Add<MultiRoundMode>();

    public Alarm Alarm { get; }

    public OpenCalls Calls { get; }

    public OpenConnections Connections { get; }

    public Gun Gun { get; }

    public Uri Address => _host.Address;

    /// <summary>A server with a journal in a folder, or without; null for authentication as in development.</summary>
    public static async Task<FuzzServer> StartAsync(string? folder, MacpAuthenticationOptions? authentication)
    {
        var (alarm, calls, connections) = (new Alarm(), new OpenCalls(), new OpenConnections());
        var options = new MacpServerOptions
        {
            Listen = new(IPAddress.Loopback, 0),
            AllowInsecure = true,
            DataFolder = folder,
            Authentication = authentication ?? new(),
            Runtime = new()
            {
                MessageLimitPerMinute = int.MaxValue, SessionStartLimitPerMinute = int.MaxValue, MaxPayloadBytes = LargestPayload,
                FinishedSessionMemory = TimeSpan.Zero, MaxFinishedSessionsInMemory = 100,
            },
        };
        var host = await MacpHost.StartAsync(Modes, options, services =>
        {
            services.RemoveAll<ILoggerProvider>().AddSingleton<ILoggerProvider>(alarm).AddSingleton<IStartupFilter>(calls);
            connections.Watch(services);
        });
        return new(host, alarm, calls, connections);
    }

    /// <summary>What is held when everything is let go that can be.</summary>
    public async Task<long> MemoryAsync()
    {
        await _host.Runtime.SweepAsync();
        for (int i = 0; i < 2; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    /// <summary>Nothing is left of the calls and connections, and no error was logged.</summary>
    public async Task EmptiesAsync()
    {
        Gun.Dispose();
        await Calls.BecomesAsync(0);
        await Connections.BecomesAsync(0);
        Assert.Empty(Alarm.Heard);
    }

    public async ValueTask DisposeAsync()
    {
        Gun.Dispose();
        await _host.DisposeAsync();
    }
}
