using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Macp.Client;

/// <summary>The handlers that hold the connections, one a name; the container closes them when it is disposed, which the handler factory does not.</summary>
sealed class PrimaryHandlers(IOptionsMonitor<MacpClientOptions> options) : IDisposable
{
    // A connection is replaced after so long, so that a name which leads elsewhere now is noticed. Its streams live on until they end.
    static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(15);

    readonly ConcurrentBag<HttpMessageHandler> _own = [];

    /// <summary>A handler for the client of this name: the one in its options, or one as they say.</summary>
    public HttpMessageHandler Create(string name)
    {
        var configured = options.Get(name);
        if (configured.HttpMessageHandler is { } given) return given;

        var handler = Connecting.Handler(configured);
        handler.PooledConnectionLifetime = ConnectionLifetime;
        _own.Add(handler);
        return handler;
    }

    public void Dispose()
    {
        foreach (var handler in _own) handler.Dispose();
    }
}
