using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;

namespace Macp.Server.Tests;

/// <summary>Requests made by hand, right or wrong.</summary>
static class RawCall
{
    /// <summary>Length-Prefixed-Message of gRPC.</summary>
    public static byte[] Frame(byte[] message, byte flags = 0, uint? length = null)
    {
        byte[] frame = [flags, 0, 0, 0, 0, .. message];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), length ?? (uint)message.Length);
        return frame;
    }

    /// <summary>Posts a body to a method, and answers the number of its gRPC status.</summary>
    public static Task<string> StatusOfAsync(this TestRuntime runtime, string method, byte[] body, string? sender = "alice") =>
        runtime.StatusOfAsync(method, new ByteArrayContent(body), sender);

    /// <inheritdoc cref="StatusOfAsync(TestRuntime, string, byte[], string?)"/>
    public static async Task<string> StatusOfAsync(this TestRuntime runtime, string method, HttpContent body, string? sender = "alice")
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(runtime.Host.Address, $"/{Rpc.Service.FullName}/{method}"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = body,
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/grpc");
        if (sender is not null) request.Headers.TryAddWithoutValidation("authorization", "Bearer " + sender);
        using var response = await client.SendAsync(request).Happens();
        await response.Content.ReadAsByteArrayAsync().Happens();
        return response.Headers.TryGetValues("grpc-status", out var status) || response.TrailingHeaders.TryGetValues("grpc-status", out status) ? status.Single() : "none";
    }
}
