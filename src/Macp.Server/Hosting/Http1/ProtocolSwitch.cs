using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Macp.Server.Hosting;

/// <summary>
/// Lets one plaintext port speak HTTP/2 and HTTP/1.1, which Kestrel tells apart by TLS only. A client that knows HTTP/2 begins with its preface
/// (RFC 9113 section 3.4): such a connection goes on untouched, and any other to the endpoint that speaks HTTP/1.1.
/// </summary>
/// <param name="http2">What stands behind, for HTTP/2.</param>
/// <param name="http1">Takes the others.</param>
/// <param name="patience">How long a client may take to begin: Kestrel's own limits count from when it knows the protocol.</param>
sealed class ProtocolSwitch(ConnectionDelegate http2, Http1Listener http1, TimeSpan patience)
{
    // A timer's limit is 2^32 - 2 milliseconds.
    static readonly TimeSpan LongestTimer = TimeSpan.FromDays(49);

    // No verb of HTTP/1.1 begins so.
    static ReadOnlySpan<byte> Preface => "PRI "u8;

    public async Task OnConnectedAsync(ConnectionContext connection)
    {
        bool? isHttp2 = await PeekAsync(connection).ConfigureAwait(false);
        if (isHttp2 is true) await http2(connection).ConfigureAwait(false);
        if (isHttp2 is false) await http1.ServeAsync(connection).ConfigureAwait(false);
    }

    /// <summary>Whether the client begins with the preface, of which nothing is consumed; null when it ends, or its time does, before that is known.</summary>
    async Task<bool?> PeekAsync(ConnectionContext connection)
    {
        var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        if (patience < LongestTimer) limit.CancelAfter(patience);
        var input = connection.Transport.Input;
        try
        {
            for (long examined = 0; ;)
            {
                var read = await input.ReadAsync(limit.Token).ConfigureAwait(false);
                bool? isHttp2 = BeginsWithPreface(read.Buffer);
                bool isDone = isHttp2 is not null || read.IsCompleted;
                // What decides counts as not examined, so that whoever reads next gets it at once.
                input.AdvanceTo(read.Buffer.Start, isDone ? read.Buffer.GetPosition(examined) : read.Buffer.End);
                if (isDone) return isHttp2;
                examined = read.Buffer.Length;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Null while the bytes so far could be either.</summary>
    static bool? BeginsWithPreface(ReadOnlySequence<byte> bytes)
    {
        var start = bytes.Slice(0, Math.Min(bytes.Length, Preface.Length));
        Span<byte> begin = stackalloc byte[(int)start.Length];
        start.CopyTo(begin);
        return !Preface.StartsWith(begin) ? false : begin.Length == Preface.Length ? true : null;
    }
}
