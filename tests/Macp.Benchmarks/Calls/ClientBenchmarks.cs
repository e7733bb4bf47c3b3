using System.Net;
using System.Net.Http.Headers;
using BenchmarkDotNet.Attributes;
using Macp.Benchmarks.Sessions;
using Macp.Client;
using Macp.Modes.Standard;
using Macp.Wire.V1;

namespace Macp.Benchmarks.Calls;

/// <summary>
/// What a call of our client takes over loopback, from a server that answers at once and always the same: by the connection and by a session, which
/// also checks the payload and folds the answered message. Control: an <see cref="HttpClient"/> that posts the same bytes and looks at nothing.
/// </summary>
[InvocationCount(4)]
public class ClientBenchmarks
{
    const int Calls = 512;

    readonly Envelope _envelope = Traffic.Evaluation(Guid.NewGuid().ToString(), 0);
    BareProcess _server = null!;
    MacpClient _client = null!;
    DecisionSession _session = null!;
    HttpClient _http = null!;
    byte[] _frame = [];

    /// <summary>How many calls are under way at a time.</summary>
    [Params(1, 64)]
    public int InFlight { get; set; }

    [GlobalSetup]
    public void Start()
    {
        _server = new();
        _client = new(new() { Endpoint = _server.Address, AllowInsecure = true, Auth = MacpAuth.DevAgent(_envelope.Sender) });
        _http = new(new SocketsHttpHandler { UseCookies = false, UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = _server.Address,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            DefaultRequestHeaders = { { "te", "trailers" }, { "authorization", "Bearer " + _envelope.Sender } },
        };
        _frame = BareServer.Framed(new SendRequest { Envelope = _envelope });
    }

    // A session's projection grows by what it sends.
    [IterationSetup(Target = nameof(Evaluate))]
    public void OpenSession() => _session = new(_client);

    [GlobalCleanup]
    public async Task StopAsync()
    {
        await _client.DisposeAsync();
        _http.Dispose();
        _server.Dispose();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Calls)]
    public Task Post() => Repeat(async () =>
    {
        using var content = new ByteArrayContent(_frame) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } };
        using var response = await _http.PostAsync("macp.v1.MACPRuntimeService/Send", content);
        await response.Content.ReadAsByteArrayAsync();
        if (!response.TrailingHeaders.Contains("grpc-status")) throw new InvalidOperationException("no status");
    });

    [Benchmark(OperationsPerInvoke = Calls)]
    public Task Send() => Repeat(() => _client.SendAsync(_envelope));

    [Benchmark(OperationsPerInvoke = Calls)]
    public Task Evaluate() =>
        Repeat(() => _session.EvaluateAsync("proposal-1", "APPROVE", 0.9, "Meets the latency budget and the rollback plan is rehearsed."));

    Task Repeat(Func<Task> call)
    {
        return Task.WhenAll(Enumerable.Range(0, InFlight).Select(async _ =>
        {
            for (int i = 0; i < Calls / InFlight; i++) await call();
        }));
    }
}
