using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Macp.Grpc;
using Macp.Modes;
using Macp.Modes.Standard;
using Macp.Server.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Macp.Server.Tests;

/// <summary>The port on which metrics are to be had as Prometheus' text.</summary>
public sealed class MetricsEndpointTests
{
    [Theory]
    [InlineData("/metrics"), InlineData("/"), InlineData("/anything?at=all")]
    public async Task It_answers_with_text_whatever_is_asked_for_and_closes(string path)
    {
        await using var host = await StartAsync();
        using var http = new HttpClient();
        using var response = await http.GetAsync(new Uri(host.MetricsAddress!, path)).Happens();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.True(response.Headers.ConnectionClose);
    }

    [Fact]
    public async Task Every_line_is_of_the_format_and_every_name_has_one_head()
    {
        await using var host = await StartAsync();
        string text = await ReadAsync(host);

        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        string[] lines = text.TrimEnd('\n').Split('\n');
        Assert.All(lines, line => Assert.Matches("""^(# (HELP|TYPE) [a-z_][a-z0-9_]* .+|[a-z_][a-z0-9_]*(\{[a-z_]+="(?:[^"\\]|\\.)*"(,[a-z_]+="(?:[^"\\]|\\.)*")*\})? ([-+0-9.eE]+|\+Inf|-Inf|NaN))$""", line));
        string[] types = [.. lines.Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2])];
        Assert.Equal(types.Distinct(), types);
        Assert.Contains(types, name => name.StartsWith("dotnet_gc_", StringComparison.Ordinal));
        Assert.Contains("kestrel_active_connections", types);
    }

    [Fact]
    public async Task Refused_credentials_are_counted_and_those_of_another_server_are_not()
    {
        await using var host = await StartAsync();
        await using var other = await StartAsync();
        foreach (var (server, calls) in ((MacpHost, int)[])[(host, 3), (other, 2)])
        {
            using var channel = new GrpcChannel(new() { Address = server.Address });
            for (int i = 0; i < calls; i++) await channel.UnaryAsync(Rpc.GetSession, new(), Rpc.As("wrong")).FailsWith(GrpcStatusCode.Unauthenticated);
        }

        Assert.Equal((3, 2), (await ValueAsync(host, "macp_credentials_refused_total"), await ValueAsync(other, "macp_credentials_refused_total")));
    }

    [Fact]
    public async Task Calls_are_measured_by_method_and_status()
    {
        await using var host = await StartAsync();
        using var channel = new GrpcChannel(new() { Address = host.Address });
        for (int i = 0; i < 3; i++) await channel.UnaryAsync(Rpc.ListModes, new());
        await channel.UnaryAsync(Rpc.GetSession, new()).FailsWith(GrpcStatusCode.Unauthenticated);
        await using (await Watch<Wire.V1.WatchSessionsResponse>.BeginAsync(channel, Rpc.WatchSessions, Rpc.As("t")))
        {
            // Its client goes.
        }

        Assert.Equal(3, await CountAsync("ListModes", "OK"));
        Assert.Equal(1, await CountAsync("GetSession", "UNAUTHENTICATED"));
        for (int i = 0; i < 300 && await CountAsync("WatchSessions", "CANCELLED") == 0; i++) await Task.Delay(10);
        Assert.Equal(1, await CountAsync("WatchSessions", "CANCELLED"));

        async Task<double> CountAsync(string method, string status) =>
            await ValueAsync(host, $@"rpc_server_call_duration_seconds_count\{{rpc_method=""macp\.v1\.MACPRuntimeService/{method}"",rpc_response_status_code=""{status}""\}}", otherwise: 0);
    }

    [Fact]
    public async Task It_tells_of_health_and_serves_nothing_else()
    {
        await using var host = await StartAsync();
        using var http = new HttpClient();

        Assert.Equal("Healthy", await http.GetStringAsync(new Uri(host.MetricsAddress!, "/readyz")));
        Assert.Equal("Healthy", await http.GetStringAsync(new Uri(host.MetricsAddress!, "/healthz")));
        Assert.DoesNotContain("supported_modes", await http.GetStringAsync(new Uri(host.MetricsAddress!, "/.well-known/macp.json")), StringComparison.Ordinal);
        Assert.DoesNotContain("# TYPE", await http.GetStringAsync(new Uri(host.Address, "/.well-known/macp.json")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri(host.Address, "/metrics"))).StatusCode);
    }

    [Fact]
    public async Task Where_it_is_not_asked_for_there_is_none()
    {
        await using var runtime = await TestRuntime.StartAsync();
        Assert.Null(runtime.Host.MetricsAddress);
    }

    [Theory]
    [InlineData("plain", "plain"), InlineData("a\"b", "a\\\"b"), InlineData("a\\b", "a\\\\b"), InlineData("a\nmacp_x 1", "a\\nmacp_x 1"), InlineData("", "")]
    public void A_label_is_escaped_whatever_is_in_it(string value, string written)
    {
        using var meter = new Meter(Guid.NewGuid().ToString());
        var text = new PrometheusText();
        using var reader = new BaseExportingMetricReader(text);
        using var provider = Sdk.CreateMeterProviderBuilder().AddMeter(meter.Name).AddReader(reader).Build();
        meter.CreateCounter<long>("some.thing", "{thing}", "Things\nand more.").Add(7, KeyValuePair.Create<string, object?>("what.kind", value));
        var durations = meter.CreateHistogram("some.duration", "s", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 2] });
        foreach (double seconds in (double[])[0.25, 1, 4]) durations.Record(seconds);
        meter.CreateObservableGauge("some.size", () => 1.5, "By");

        reader.Collect();

        Assert.Equal(
            "# TYPE some_duration_seconds histogram\nsome_duration_seconds_bucket{le=\"0.5\"} 1\nsome_duration_seconds_bucket{le=\"2\"} 2\nsome_duration_seconds_bucket{le=\"+Inf\"} 3\n"
            + "some_duration_seconds_sum 5.25\nsome_duration_seconds_count 3\n# TYPE some_size_bytes gauge\nsome_size_bytes 1.5\n"
            + $"# HELP some_thing_total Things\\nand more.\n# TYPE some_thing_total counter\nsome_thing_total{{what_kind=\"{written}\"}} 7\n",
            text.ToString());
    }

    static Task<MacpHost> StartAsync() => MacpHost.StartAsync(new ModeCatalog().Add<DecisionMode>(), new()
    {
        Listen = new(IPAddress.Loopback, 0),
        MetricsListen = new(IPAddress.Loopback, 0),
        AllowInsecure = true,
        Authentication = new() { TokensJson = """[{"token":"t","sender":"s"}]""" },
    });

    static async Task<string> ReadAsync(MacpHost host)
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri(host.MetricsAddress!, "/metrics")).Happens();
    }

    static async Task<double> ValueAsync(MacpHost host, string name, double? otherwise = null) => Regex.Match(await ReadAsync(host), $@"(?m)^{name}(?:{{.*}})? (.+)$") is { Success: true } line
        ? double.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture)
        : otherwise ?? throw new InvalidOperationException($"there is no {name}");
}
