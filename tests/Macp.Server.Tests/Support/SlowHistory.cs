using Macp.Runtime;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Server.Tests;

/// <summary>A history whose reading takes until it is told to go on, or to fail.</summary>
sealed class SlowHistory : IHistory
{
    readonly MemoryHistory _kept = new();
    readonly TaskCompletionSource _readable = new();
    readonly TaskCompletionSource<Uri> _reading = new(TaskCreationOptions.RunContinuationsAsynchronously);
    IServer? _server;

    /// <summary>Completes when the runtime reads, with the address at which its server listens by then.</summary>
    public Task<Uri> Reading => _reading.Task;

    public SlowHistory In(IServiceProvider provider)
    {
        _server = provider.GetRequiredService<IServer>();
        return this;
    }

    public void GoOn() => _readable.SetResult();

    public void Fail(Exception fault) => _readable.SetException(fault);

    public IReadOnlyList<ISessionHistory> Stored
    {
        get
        {
            _reading.SetResult(new(_server!.Features.Get<IServerAddressesFeature>()!.Addresses.First()));
            _readable.Task.GetAwaiter().GetResult();
            return [];
        }
    }

    public ISessionHistory Create(string sessionId) => _kept.Create(sessionId);
}
