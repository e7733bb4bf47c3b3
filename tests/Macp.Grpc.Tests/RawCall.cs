using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;

namespace Macp.Grpc.Tests;

/// <summary>Requests made by hand, right or wrong, and their answers as they stand on the wire.</summary>
sealed record RawAnswer(HttpResponseMessage Response, byte[] Body)
{
    /// <summary>True when the status came in the only block of fields.</summary>
    public bool IsTrailersOnly => Response.Headers.Contains("grpc-status");

    public string? Status => Field("grpc-status");

    public string? Message => Field("grpc-message");

    public string? Field(string name) =>
        (Response.Headers.TryGetValues(name, out var values) || Response.TrailingHeaders.TryGetValues(name, out values)) ? string.Join(",", values) : null;
}

static class RawCall
{
    public static byte[] Frame(byte[] message, byte flags = 0, uint? length = null)
    {
        byte[] frame = [flags, 0, 0, 0, 0, .. message];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), length ?? (uint)message.Length);
        return frame;
    }

    public static Task<RawAnswer> PostAsync(this TestServer server, string path, byte[] body, Action<HttpRequestMessage>? change = null) =>
        server.PostAsync(path, new ByteArrayContent(body), change);

    public static async Task<RawAnswer> PostAsync(this TestServer server, string path, HttpContent content, Action<HttpRequestMessage>? change = null)
    {
        using var client = new HttpClient(new SocketsHttpHandler());
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/grpc");
        request.Headers.TE.ParseAdd("trailers");
        change?.Invoke(request);
        var response = await client.SendAsync(request).Happens();
        return new(response, await response.Content.ReadAsByteArrayAsync());
    }
}

/// <summary>A body sent in the given pieces, each in HTTP/2 frames of its own.</summary>
sealed class PiecesContent(params byte[][] pieces) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        foreach (var piece in pieces)
        {
            await stream.WriteAsync(piece);
            await stream.FlushAsync();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}

/// <summary>A body of which only the beginning is sent until the test lets the rest go.</summary>
sealed class HeldContent : HttpContent
{
    readonly byte[] _body;
    readonly int _first;
    readonly TaskCompletionSource _rest = new(TaskCreationOptions.RunContinuationsAsynchronously);

    HeldContent(byte[] body, int first) => (_body, _first) = (body, first);

    public static (HttpContent Body, TaskCompletionSource Remainder) Of(byte[] body, int first)
    {
        var content = new HeldContent(body, first);
        return (content, content._rest);
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(_body.AsMemory(0, _first));
        await stream.FlushAsync();
        await _rest.Task;
        await stream.WriteAsync(_body.AsMemory(_first));
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
