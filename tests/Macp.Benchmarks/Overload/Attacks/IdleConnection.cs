using System.Net;
using System.Net.Sockets;

namespace Macp.Benchmarks.Overload.Attacks;

/// <summary>A connection that begins as HTTP/2 does, and then says no more than that it is there when it is asked.</summary>
sealed class IdleConnection : IDisposable
{
    const int HeaderBytes = 9;
    const byte SettingsFrame = 4, PingFrame = 6, Acknowledgement = 1;

    static readonly byte[] Opening = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, SettingsFrame, 0, 0, 0, 0, 0];
    static readonly byte[] Acknowledged = [0, 0, 0, SettingsFrame, Acknowledgement, 0, 0, 0, 0];

    readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    readonly byte[] _frame = new byte[128];

    /// <summary>Connects from this address of the loopback, and waits for the server's settings.</summary>
    public async Task OpenAsync(IPAddress from, IPEndPoint to)
    {
        _socket.Bind(new IPEndPoint(from, 0));
        await _socket.ConnectAsync(to);
        await _socket.SendAsync(Opening);
        if (await ReadFrameAsync() is not SettingsFrame) throw new IOException("not HTTP/2");
        await _socket.SendAsync(Acknowledged);
    }

    /// <summary>Answers pings until the server has enough of it.</summary>
    public async Task HoldAsync()
    {
        while (await ReadFrameAsync() is { } type)
        {
            if (type != PingFrame || _frame[4] == Acknowledgement) continue;
            _frame[4] = Acknowledgement;
            await _socket.SendAsync(_frame.AsMemory(0, HeaderBytes + _frame[2]));
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>The type of the next frame; null at the end.</summary>
    async Task<byte?> ReadFrameAsync()
    {
        if (!await FillAsync(0, HeaderBytes)) return null;
        int length = _frame[1] << 8 | _frame[2];
        if (_frame[0] != 0 || length > _frame.Length - HeaderBytes) throw new IOException($"a frame of {length} bytes");
        return await FillAsync(HeaderBytes, length) ? _frame[3] : null;
    }

    async Task<bool> FillAsync(int start, int count)
    {
        for (int read; count > 0; start += read, count -= read)
            if ((read = await _socket.ReceiveAsync(_frame.AsMemory(start, count))) == 0) return false;
        return true;
    }
}
