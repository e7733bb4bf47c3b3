using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Macp.Server.Tests.Fuzzing;

/// <summary>A short connection of TCP, and bytes that may be HTTP/2, HTTP/1.1, TLS or nothing.</summary>
static class RawConnection
{
    // Of a server that waits for more.
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    static readonly byte[] Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray(), Settings = Frame(4, 0, 0, []);

    public static async Task MakeAsync(Uri address, Random random)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address.Host, address.Port);
            byte[] bytes = Bytes(random);
            int cut = random.Next(bytes.Length + 1);
            await socket.SendAsync(bytes.AsMemory(0, cut));
            if (random.Next(3) == 0) await Task.Yield();
            await socket.SendAsync(bytes.AsMemory(cut));
            await EndAsync(socket, random);
        }
        catch (SocketException)
        {
            // The server had enough of it.
        }
    }

    static async Task EndAsync(Socket socket, Random random)
    {
        if (random.Next(3) == 0)
        {
            socket.LingerState = new(true, 0); // a reset
            return;
        }
        if (random.Next(2) == 0) socket.Shutdown(SocketShutdown.Send);
        using var waiting = new CancellationTokenSource(Patience);
        try
        {
            byte[] buffer = new byte[4096];
            while (await socket.ReceiveAsync(buffer, waiting.Token) > 0) { }
        }
        catch (OperationCanceledException)
        {
            // Nothing more comes.
        }
    }

    static byte[] Bytes(Random random) => random.Next(7) switch
    {
        0 => Hostile.Bytes(random, 300),
        1 => Preface[..random.Next(Preface.Length + 1)],
        2 => [.. Preface, .. random.Next(2) == 0 ? Settings : [], .. Http2(random)],
        3 => [.. Preface, .. Settings, .. Hostile.Damage(random, Request(random))],
        4 => Http1(random),
        5 => [0x16, 0x03, 0x01, 0x00, (byte)random.Next(256), 0x01, 0x00, .. Hostile.Bytes(random, 200)],
        _ => Hostile.Damage(random, [.. Preface, .. Settings, .. Request(random)]),
    };

    static byte[] Http2(Random random)
    {
        var frames = new List<byte>();
        for (int count = random.Next(1, 6); count > 0; count--)
            frames.AddRange(Frame((byte)random.Next(12), (byte)random.Next(256), random.Next(6), Hostile.Bytes(random, 80), random.Next(5) == 0 ? random.Next(1 << 24) : null));
        return [.. frames];
    }

    static byte[] Http1(Random random)
    {
        string[] verbs = ["GET", "POST", "PRI", "OPTIONS", "HEAD", "G\0T", "TRACE"], paths = ["/", "/.well-known/macp.json", "*", $"/{Rpc.Service.FullName}/Send", "//..//%00", new('a', 9000)];
        string[] headers = ["Host: x", "Content-Length: 5", "Content-Length: -1", "Transfer-Encoding: chunked", "Connection: upgrade, http2-settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA", "Content-Type: application/grpc", "X: \u0001", "Expect: 100-continue"];
        var text = new StringBuilder($"{verbs[random.Next(verbs.Length)]} {paths[random.Next(paths.Length)]} HTTP/{random.Next(3)}.{random.Next(3)}\r\n");
        for (int count = random.Next(5); count > 0; count--) text.Append(headers[random.Next(headers.Length)]).Append("\r\n");
        return [.. Encoding.Latin1.GetBytes(text.Append("\r\n").ToString()), .. Hostile.Bytes(random, 50)];
    }

    /// <summary>A call of a method that changes nothing, whatever becomes of it.</summary>
    static byte[] Request(Random random)
    {
        string method = ((string[])["GetSession", "ListModes", "WatchSessions", "ListSessions", "Initialize"])[random.Next(5)];
        byte[] headers = [.. Field(":method", "POST"), .. Field(":scheme", "http"), .. Field(":authority", "x"), .. Field(":path", $"/{Rpc.Service.FullName}/{method}"), .. Field("content-type", "application/grpc"), .. Field("te", "trailers")];
        return [.. Frame(1, 4, 1, headers), .. Frame(0, 1, 1, RawCall.Frame(Hostile.Bytes(random, 40)))];
    }

    // HPACK, never indexed and never shortened.
    static byte[] Field(string name, string value) => [0, (byte)name.Length, .. Encoding.ASCII.GetBytes(name), (byte)value.Length, .. Encoding.ASCII.GetBytes(value)];

    static byte[] Frame(byte type, byte flags, int stream, byte[] payload, int? length = null)
    {
        byte[] frame = [0, 0, 0, type, flags, 0, 0, 0, 0, .. payload];
        int told = length ?? payload.Length;
        (frame[0], frame[1], frame[2]) = ((byte)(told >> 16), (byte)(told >> 8), (byte)told);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        return frame;
    }
}
