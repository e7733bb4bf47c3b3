using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Macp.Benchmarks.Overload.Attacks;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing.Parsers;

namespace Macp.Benchmarks.Overload;

/// <summary>The built <c>macp serve</c>, with the limits that it has by default but for the time of a call, and history in memory.</summary>
sealed class OverloadServer : IAsyncDisposable
{
    readonly HttpClient _http = new();
    readonly Process _process;
    readonly Uri _metrics;
    readonly Task _log;
    int _lines;

    OverloadServer(Process process, Uri metrics) => (_process, _metrics, _log) = (process, metrics, CountLogAsync(process.StandardError));

    public Uri Endpoint { get; private set; } = null!;

    /// <summary>How many lines it has logged.</summary>
    public int LogLines => _lines;

    public static async Task<OverloadServer> StartAsync(string macp)
    {
        var metrics = new IPEndPoint(IPAddress.Loopback, FreePort());
        var start = new ProcessStartInfo("dotnet", [macp, "serve", "--listen", "127.0.0.1:0"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in new[]
        {
            ("MACP_AUTH_TOKENS_JSON", Cast.Tokens), ("MACP_ALLOW_INSECURE", "1"), ("MACP_MEMORY_ONLY", "1"), ("MACP_LOG", "warn"), ("MACP_METRICS_ADDR", metrics.ToString()),
            // So that writers are answered within a window.
            ("MACP_REQUEST_TIMEOUT_SECS", "2"),
        }) start.Environment[name] = value;
        var server = new OverloadServer(Process.Start(start)!, new($"http://{metrics}/metrics"));
        string ready = await server._process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("macp serve did not start");
        server.Endpoint = new(ready[(ready.LastIndexOf(' ') + 1)..]);
        return server;
    }

    /// <summary>Its resident set, in MiB.</summary>
    public double Resident()
    {
        string line = File.ReadLines($"/proc/{_process.Id}/status").Single(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>
    /// Has it collect everything dead, thrice: the collector gives memory back when it was not used from one collection to a later one. A server at rest does that
    /// when somebody needs the memory, which nobody may do in a pause.
    /// </summary>
    public async Task CollectAsync()
    {
        for (int i = 0; i < 3; i++) await CollectOnceAsync();
    }

    /// <summary>How many connections it has open, those that read the metrics left out.</summary>
    public async Task<int> ConnectionsAsync()
    {
        string text = await _http.GetStringAsync(_metrics);
        return (int)text.Split('\n')
            .Where(line => line.StartsWith("kestrel_active_connections", StringComparison.Ordinal) && line.Contains($"server_port=\"{Endpoint.Port}\"", StringComparison.Ordinal))
            .Sum(static line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _log;
        _process.Dispose();
        _http.Dispose();
    }

    async Task CollectOnceAsync()
    {
        var collection = new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, (long)ClrTraceEventParser.Keywords.GCHeapCollect);
        using var session = new DiagnosticsClient(_process.Id).StartEventPipeSession(collection, requestRundown: false);
        // It does not stop while its events are not read.
        var reading = session.EventStream.CopyToAsync(Stream.Null);
        await Task.Delay(TimeSpan.FromSeconds(1));
        await session.StopAsync(CancellationToken.None);
        await reading;
    }

    async Task CountLogAsync(StreamReader log)
    {
        while (await log.ReadLineAsync() is not null) _lines++;
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
