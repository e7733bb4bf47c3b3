using System.Globalization;
using System.Net;
using System.Text;
using Macp.Grpc;

namespace Macp.Server.Tests.Fuzzing;

/// <summary>Sends requests as they are, over a few connections of HTTP/2.</summary>
sealed class Gun(Uri address) : IDisposable
{
    // Of a call that never comes to an end by itself, or of a server that answers no more.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly HttpMessageInvoker[] _connections = [.. Enumerable.Range(0, 4).Select(_ => new HttpMessageInvoker(new SocketsHttpHandler
    {
        UseProxy = false, UseCookies = false, AllowAutoRedirect = false, RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
    }))];
    int _next;

    public async Task<Answer> FireAsync(Shot shot)
    {
        using var giving = new CancellationTokenSource(shot.GivesUp ?? Patience);
        using var request = Request(shot);
        var connection = _connections[(uint)Interlocked.Increment(ref _next) % _connections.Length];
        try
        {
            using var response = await connection.SendAsync(request, giving.Token).ConfigureAwait(false);
            byte[] body = await response.Content.ReadAsByteArrayAsync(giving.Token).ConfigureAwait(false);
            string? status = Field(response, "grpc-status");
            return new((int)response.StatusCode, status is null ? null : (GrpcStatusCode)int.Parse(status, CultureInfo.InvariantCulture), Field(response, "grpc-message") ?? "", body);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return new(0, null, e is OperationCanceledException ? "no answer came" : (e.InnerException ?? e).Message, []);
        }
    }

    public void Dispose()
    {
        foreach (var connection in _connections) connection.Dispose();
    }

    HttpRequestMessage Request(Shot shot)
    {
        var request = new HttpRequestMessage(new(shot.Verb), new Uri(address, shot.Path ?? $"/{Rpc.Service.FullName}/{shot.Method.Name}"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(shot.Body),
        };
        if (shot.ContentType is { } type) request.Content.Headers.TryAddWithoutValidation("content-type", type);
        if (shot.Credential is { } credential) request.Headers.TryAddWithoutValidation("authorization", credential);
        if (shot.Timeout is { } timeout) request.Headers.TryAddWithoutValidation("grpc-timeout", timeout);
        foreach (var (name, value) in shot.Metadata) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    static string? Field(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out var values) || response.Headers.TryGetValues(name, out values) ? values.Single() : null;
}
