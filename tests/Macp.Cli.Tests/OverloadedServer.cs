using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Macp.Benchmarks.Overload.Attacks;

namespace Macp.Cli.Tests;

/// <summary><c>macp serve</c> with its own limits, and those who keep to them.</summary>
public sealed class OverloadedServer : IAsyncLifetime
{
    readonly HttpClient _http = new();
    readonly Uri _metrics = new($"http://127.0.0.1:{FreePort()}/metrics");
    MacpProcess _process = null!;

    internal Victims Victims { get; private set; } = null!;

    public Uri Endpoint => _process.Endpoint;

    public async Task InitializeAsync()
    {
        _process = await MacpProcess.ServeAsync("--listen 127.0.0.1:0", ("MACP_ALLOW_INSECURE", "1"), ("MACP_AUTH_TOKENS_JSON", Cast.Tokens), ("MACP_METRICS_ADDR", _metrics.Authority),
            ("MACP_REQUEST_TIMEOUT_SECS", "1"));
        Victims = await Victims.StartAsync(Endpoint);
    }

    public async Task DisposeAsync()
    {
        await Victims.DisposeAsync();
        await _process.DisposeAsync();
        _http.Dispose();
    }

    /// <summary>How many connections it has open, those that read the metrics left out.</summary>
    public async Task<int> ConnectionsAsync()
    {
        string text = await _http.GetStringAsync(_metrics);
        return text.Split('\n')
            .Where(line => line.StartsWith("kestrel_active_connections", StringComparison.Ordinal) && line.Contains($"server_port=\"{Endpoint.Port}\"", StringComparison.Ordinal))
            .Sum(static line => int.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
