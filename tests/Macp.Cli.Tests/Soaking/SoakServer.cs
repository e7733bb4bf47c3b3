using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Macp.Cli.Tests;

/// <summary><c>macp serve</c> with a journal, static tokens, real limits, and its metrics, which is stopped or killed and comes back.</summary>
sealed class SoakServer(string folder, TimeSpan retention) : IAsyncDisposable
{
    public const int LargestPayload = 65_536;

    /// <summary>Whoever may have one open session at a time.</summary>
    public const string Limited = "lim";

    readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
    readonly IPAddress _address = JournalledServer.NextAddress();
    MacpProcess? _process;
    Uri? _metrics;

    /// <summary>Whose tokens there are; a token is its sender's name.</summary>
    const string Tokens = """
        [ {"token":"ann","sender":"ann"}, {"token":"bob","sender":"bob"}, {"token":"cid","sender":"cid"},
          {"token":"dan","sender":"dan"}, {"token":"eva","sender":"eva"}, {"token":"fay","sender":"fay"},
          {"token":"mal","sender":"mal"}, {"token":"lim","sender":"lim","max_open_sessions":1},
          {"token":"ops","sender":"ops","can_manage_mode_registry":true,"is_observer":true} ]
        """;

    public Uri Endpoint { get; private set; } = new("http://127.0.0.1:0");

    public async Task StartAsync()
    {
        int port = Endpoint.Port;
        _metrics = new($"http://{_address}:{FreePort()}/metrics");
        _process = await MacpProcess.ServeAsync($"--listen {_address}:{port} --data {folder}",
            ("MACP_ALLOW_INSECURE", "1"), ("MACP_AUTH_TOKENS_JSON", Tokens.ReplaceLineEndings(" ")), ("MACP_METRICS_ADDR", _metrics.Authority), ("MACP_LOG", "error"),
            ("MACP_SESSION_START_LIMIT_PER_MINUTE", "6000"), ("MACP_MESSAGE_LIMIT_PER_MINUTE", "60000"), ("MACP_MAX_PAYLOAD_BYTES", $"{LargestPayload}"),
            ("MACP_CLEANUP_INTERVAL_SECS", "1"), ("MACP_SESSION_RETENTION_SECS", "2"),
            ("MACP_SESSION_DISK_RETENTION_SECS", retention.TotalSeconds.ToString(CultureInfo.InvariantCulture)));
        Endpoint = _process.Endpoint;
    }

    public void Signal(int signal) => _process!.Signal(signal);

    public Task<Invocation> EndAsync() => _process!.EndAsync();

    /// <summary>All counters and gauges, by name and labels.</summary>
    public async Task<Dictionary<string, long>> MetricsAsync()
    {
        var metrics = new Dictionary<string, long>(StringComparer.Ordinal);
        string text = await _http.GetStringAsync(_metrics);
        foreach (string line in text.Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
            if (long.TryParse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture, out long value)) metrics[line[..line.LastIndexOf(' ')]] = value;
        return metrics;
    }

    /// <summary>The port of a series' own server, and not that of the metrics.</summary>
    public bool IsOfMetrics(string series) => series.Contains($"server_port=\"{_metrics!.Port}\"", StringComparison.Ordinal);

    /// <summary>What the process holds: its resident set in KiB, its threads, its open files.</summary>
    public Holding Holds()
    {
        string[] status = File.ReadAllLines($"/proc/{_process!.Id}/status");
        return new(Number("VmRSS:"), Number("Threads:"), Directory.GetFileSystemEntries($"/proc/{_process.Id}/fd").Length);

        int Number(string name) => int.Parse(status.Single(line => line.StartsWith(name, StringComparison.Ordinal)).Split(['\t', ' '], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_process is not null) await _process.DisposeAsync();
    }

    int FreePort()
    {
        using var listener = new TcpListener(_address, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>What a process holds at a moment.</summary>
readonly record struct Holding(int ResidentKiB, int Threads, int Files);
