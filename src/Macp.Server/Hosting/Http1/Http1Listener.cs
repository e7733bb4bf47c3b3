using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Macp.Server.Hosting;

/// <summary>
/// An endpoint of Kestrel's that has no port: it accepts connections that another endpoint has accepted before it. So each is counted, stopped and
/// logged by Kestrel as any other is.
/// </summary>
sealed class Http1Listener : IConnectionListenerFactory, IConnectionListenerFactorySelector, IConnectionListener
{
    readonly Channel<ConnectionContext> _connections = Channel.CreateUnbounded<ConnectionContext>();

    public EndPoint EndPoint { get; } = new NoPort();

    /// <summary>Has a connection served; completes when it has been. One that comes when the server stops is not.</summary>
    public Task ServeAsync(ConnectionContext connection)
    {
        var lent = new LentConnection(connection);
        return _connections.Writer.TryWrite(lent) ? lent.Returned : Task.CompletedTask;
    }

    public bool CanBind(EndPoint endpoint) => endpoint == EndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(this);

    /// <summary>The next connection; null after the last one.</summary>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _connections.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false) && _connections.Reader.TryRead(out var connection) ? connection : null;

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _connections.Writer.TryComplete();
        return default;
    }

    public ValueTask DisposeAsync() => UnbindAsync(CancellationToken.None);

    sealed class NoPort : EndPoint
    {
        public override string ToString() => "http1";
    }
}
