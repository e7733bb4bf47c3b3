using Macp.Grpc.Wire;

namespace Macp.Grpc.Client;

/// <summary>The HTTP/2 request of a call.</summary>
static class RequestMessage
{
    static readonly string s_userAgent = $"macp-grpc/{typeof(RequestMessage).Assembly.GetName().Version?.ToString(3)}";

    public static HttpRequestMessage Create(GrpcChannel channel, string path, GrpcCallOptions? options, HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, channel.AddressOf(path))
        {
            // Prior knowledge over http, ALPN over https: gRPC knows no lower version to fall back on.
            Version = System.Net.HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        content.Headers.TryAddWithoutValidation("Content-Type", HeaderName.GrpcContentType);
        request.Headers.TryAddWithoutValidation("TE", "trailers");
        request.Headers.TryAddWithoutValidation("User-Agent", s_userAgent);
        if (options?.Timeout is { } timeout) request.Headers.TryAddWithoutValidation(HeaderName.Timeout, CallTimeout.Format(timeout));
        MetadataHeaders.Send(channel.Options.Metadata, request.Headers);
        MetadataHeaders.Send(options?.Metadata, request.Headers);
        return request;
    }
}
