using System.Net;

namespace Macp.Benchmarks.Overload.Attacks;

/// <summary>Calls whose request comes a byte at a time, and begins anew when it was answered: half of them <c>Send</c>, half a frame of a stream.</summary>
/// <param name="endpoint">The server.</param>
/// <param name="count">How many at a time.</param>
sealed class SlowWriters(Uri endpoint, int count) : IAttack
{
    const int PerConnection = 50;

    static readonly TimeSpan BetweenBytes = TimeSpan.FromMilliseconds(250);

    readonly List<HttpMessageInvoker> _connections = [];
    CancellationTokenSource? _enough;
    Task _writing = Task.CompletedTask;

    public Answers Answers { get; } = new();

    public Task BeginAsync()
    {
        _enough = new();
        for (int i = 0; i < count; i += PerConnection) _connections.Add(new(new SocketsHttpHandler { UseProxy = false, UseCookies = false }));
        string[] methods = [Methods.Send.Name, Methods.StreamSession.Name];
        _writing = Task.WhenAll(Enumerable.Range(0, count).Select(i => WriteAsync(_connections[i / PerConnection], methods[i % 2], _enough.Token)));
        return Task.CompletedTask;
    }

    public async Task EndAsync()
    {
        await _enough!.CancelAsync();
        await _writing;
        foreach (var connection in _connections) connection.Dispose();
        _connections.Clear();
        _enough.Dispose();
    }

    async Task WriteAsync(HttpMessageInvoker connection, string method, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            try
            {
                Answers.Add($"{await CallAsync(connection, method, enough)} to {method}");
            }
            catch (OperationCanceledException) when (enough.IsCancellationRequested)
            {
                // It was on its way when the attack ended.
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                Answers.Add($"{e.GetBaseException().Message} to {method}");
                await Task.Delay(BetweenBytes, CancellationToken.None);
            }
        }
    }

    async Task<string> CallAsync(HttpMessageInvoker connection, string method, CancellationToken enough)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(endpoint, $"/{Methods.Send.Service}/{method}"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new Trickle(),
            Headers = { { "te", "trailers" }, { "authorization", "Bearer " + Cast.Writer } },
        };
        using var response = await connection.SendAsync(request, enough);
        await response.Content.CopyToAsync(Stream.Null, enough);
        // An answer without a message has its status among the headers.
        var status = response.TrailingHeaders.Contains("grpc-status") ? response.TrailingHeaders : response.Headers;
        return "status " + string.Join(",", status.GetValues("grpc-status"));
    }

    /// <summary>The prefix of a message of 64 KB, and of the message as much as there is time for.</summary>
    sealed class Trickle : HttpContent
    {
        static readonly byte[] Prefix = [0, 0, 1, 0, 0], Byte = [0];

        public Trickle() => Headers.ContentType = new("application/grpc");

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync(Prefix, cancellationToken);
            while (true)
            {
                await stream.WriteAsync(Byte, cancellationToken);
                await stream.FlushAsync(cancellationToken);
                await Task.Delay(BetweenBytes, cancellationToken);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
