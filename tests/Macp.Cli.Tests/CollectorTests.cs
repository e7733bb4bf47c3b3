using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Macp.Cli.Tests;

/// <summary>What a server sends to a collector of OTLP.</summary>
public sealed class CollectorTests
{
    const string Traces = "/opentelemetry.proto.collector.trace.v1.TraceService/Export", Metrics = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";

    [Fact]
    public async Task Its_spans_and_metrics_are_there_when_it_has_stopped()
    {
        await using var collector = await Collector.StartAsync();
        await using var server = await MacpProcess.ServeAsync("--dev --listen 127.0.0.1:0", ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address.ToString()));
        await using (var client = ServeTests.Connect(server, "ann")) await ServeTests.StartAsync(client);
        server.Signal(MacpProcess.Terminate);
        Assert.Equal(new Invocation(0, "", ""), await server.EndAsync());

        string spans = collector.Received(Traces), metrics = collector.Received(Metrics);
        Assert.Contains("macp.send", spans, StringComparison.Ordinal);
        Assert.Contains("macp.mode.decision.v1", spans, StringComparison.Ordinal);
        Assert.Contains("macp-runtime", spans, StringComparison.Ordinal);
        Assert.Contains("macp.sessions.started", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_never_answers_does_not_hold_up_the_stop_for_long()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var server = await MacpProcess.ServeAsync("--dev --listen 127.0.0.1:0", ("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://{silent.LocalEndpoint}"));
        await using (var client = ServeTests.Connect(server, "ann")) await ServeTests.StartAsync(client);

        var watch = Stopwatch.StartNew();
        server.Signal(MacpProcess.Terminate);

        Assert.Equal(0, (await server.EndAsync()).Status);
        // By itself each of the two exporters waits for ten seconds.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(9), $"it took {watch.Elapsed}");
    }

    /// <summary>Takes whatever is sent to it by gRPC, and says OK.</summary>
    sealed class Collector : IAsyncDisposable
    {
        readonly ConcurrentQueue<(string Path, string Body)> _received = [];
        readonly WebApplication _app;

        Collector(WebApplication app) => _app = app;

        public Uri Address => new(_app.Urls.Single());

        public static async Task<Collector> StartAsync()
        {
            var builder = WebApplication.CreateEmptyBuilder(new());
            builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
            var collector = new Collector(builder.Build());
            collector._app.Run(collector.TakeAsync);
            await collector._app.StartAsync();
            return collector;
        }

        public string Received(string path) => string.Concat(_received.Where(request => request.Path == path).Select(request => request.Body));

        public async ValueTask DisposeAsync()
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        async Task TakeAsync(HttpContext context)
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            _received.Enqueue((context.Request.Path.Value!, Encoding.Latin1.GetString(body.ToArray())));
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(new byte[5]); // an empty message
            context.Response.AppendTrailer("grpc-status", "0");
        }
    }
}
