using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Macp.Tests;

/// <summary>A TCP proxy on a free loopback port, whose connections a test cuts: both ends see a reset, as when a cable breaks.</summary>
sealed class CuttingProxy : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly ConcurrentDictionary<Socket, byte> _open = [];
    readonly Task _accepting;
    volatile Uri _target;
    volatile bool _refuses;

    public CuttingProxy(Uri target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where clients connect to.</summary>
    public Uri Endpoint => new($"{_target.Scheme}://{_listener.LocalEndpoint}");

    /// <summary>Where new connections lead; a server that comes back may have another port.</summary>
    public Uri Target
    {
        set => _target = value;
    }

    /// <summary>Whether new connections are cut as soon as they come. Those that are open stay.</summary>
    public bool RefuseNew
    {
        set => _refuses = value;
    }

    /// <summary>Cuts every connection that is open now.</summary>
    public void CutAll()
    {
        foreach (var socket in _open.Keys) Cut(socket);
    }

    public async ValueTask DisposeAsync()
    {
        _refuses = true;
        _listener.Dispose();
        CutAll();
        await _accepting;
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptSocketAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    async Task ServeAsync(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        _open.TryAdd(client, 0);
        _open.TryAdd(server, 0);
        try
        {
            if (_refuses) return;
            (client.NoDelay, server.NoDelay) = (true, true);
            await server.ConnectAsync(_target.Host, _target.Port);
            await Task.WhenAny(CopyAsync(client, server), CopyAsync(server, client));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Nobody listens there, or it was cut.
        }
        finally
        {
            Cut(client);
            Cut(server);
        }
    }

    /// <summary>Copies until either end is gone.</summary>
    static async Task CopyAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[16 * 1024];
        try
        {
            for (int read; (read = await from.ReceiveAsync(buffer)) > 0;)
                for (int sent = 0; sent < read;) sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }

    void Cut(Socket socket)
    {
        if (_open.TryRemove(socket, out _)) socket.Close(0); // no lingering: a reset
    }
}
