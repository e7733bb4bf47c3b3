using System.Diagnostics;
using System.Diagnostics.Metrics;
using Macp.Grpc;

namespace Macp.Client.Tests;

/// <summary>Tests that hear what the process tells run when nothing else does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TelemetryCollection
{
    public const string Name = "telemetry";
}

[Collection(TelemetryCollection.Name)]
public sealed class TelemetryTests : IDisposable
{
    const string Service = "macp.v1.MACPRuntimeService";

    static readonly MacpAuth Alice = MacpAuth.Bearer("s3cr3t-token", "alice");

    readonly List<string> _measured = [];
    readonly List<Activity> _spans = [];
    readonly HeardLog _log = new();
    readonly MeterListener _meters;
    readonly ActivityListener _listener;

    public TelemetryTests()
    {
        _meters = new() { InstrumentPublished = (instrument, l) => { if (instrument.Meter.Name == MacpClientTelemetry.MeterName) l.EnableMeasurementEvents(instrument); } };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Heard(instrument, $"{value}", tags));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Heard(instrument, value is > 0 and < 60 ? "s" : $"{value}", tags));
        _meters.Start();
        _listener = new()
        {
            ShouldListenTo = source => source.Name == MacpClientTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                lock (_spans) _spans.Add(span);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    [Fact]
    public async Task A_message_has_a_span_that_the_runtime_hears_of()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        using var caller = new Activity("caller").Start();
        caller.TraceStateString = "vendor=1";

        await client.SendAsync(Notes.Note("s1", "alice", "secret-payload", "m1"));

        var span = Assert.Single(_spans);
        Assert.Equal(($"{Service}/Send", ActivityKind.Client, caller.SpanId, ActivityStatusCode.Unset), (span.OperationName, span.Kind, span.ParentSpanId, span.Status));
        Assert.Equal(
            $"rpc.system.name=grpc rpc.method={Service}/Send server.address=127.0.0.1 server.port={runtime.Address.Port} macp.session_id=s1 macp.mode={Notes.Mode} " +
            "macp.message_type=Note macp.message_id=m1 rpc.response.status_code=OK",
            Tags(span));
        Assert.Equal((span.Id, "vendor=1"), (runtime.Headers.Single().Get("traceparent"), runtime.Headers.Single().Get("tracestate")));
        Assert.Same(caller, Activity.Current);
    }

    [Fact]
    public async Task A_nack_is_an_error_of_its_span_and_counted_by_its_code()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        runtime.OnSend = (r, _) => ValueTask.FromResult(FakeRuntime.Refuse(r.Envelope, r.Envelope.MessageId, "quotes secret-payload"));

        foreach (string code in (string[])["FORBIDDEN", "THOUGHT_UP"]) await client.SendAsync(Notes.Note("s", "alice", code), new() { ThrowOnNack = false });
        await client.CancelSessionAsync("s");

        Assert.Equal([(ActivityStatusCode.Error, "FORBIDDEN"), (ActivityStatusCode.Error, "THOUGHT_UP"), (ActivityStatusCode.Unset, null)], _spans.Select(span => (span.Status, span.StatusDescription)));
        Assert.Contains("macp.outcome=refused macp.error_code=FORBIDDEN", Tags(_spans[0]));
        Assert.Contains("macp.session_id=s rpc", Tags(_spans[2]));
        Assert.Equal([$"macp.client.nacks 1 code=FORBIDDEN rpc.method={Service}/Send", $"macp.client.nacks 1 code=_other rpc.method={Service}/Send"], Measured("macp.client.nacks"));
        Assert.Equal([(3, "Warning"), (3, "Warning"), (2, "Debug")], _log.Entries.Skip(1).Select(entry => (entry.Id, entry.Level.ToString())));
    }

    [Fact]
    public async Task A_call_that_fails_is_an_error_and_one_that_is_cancelled_is_none()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        using var source = new CancellationTokenSource();
        runtime.OnGetSession = (_, _) => throw new GrpcException(GrpcStatusCode.PermissionDenied, "quotes secret-payload");
        runtime.OnListModes = (request, call) =>
        {
            source.Cancel();
            return CallTests.Hang<ListModesRequest, ListModesResponse>(request, call);
        };

        await Assert.ThrowsAsync<MacpTransportException>(() => client.GetSessionAsync("s"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.ListModesAsync(null, source.Token));

        Assert.Equal([(ActivityStatusCode.Error, "PERMISSION_DENIED"), (ActivityStatusCode.Unset, null)], _spans.Select(span => (span.Status, span.StatusDescription)));
        Assert.Equal(
            [
                $"rpc.client.call.duration s rpc.method={Service}/GetSession rpc.response.status_code=PERMISSION_DENIED",
                $"rpc.client.call.duration s rpc.method={Service}/ListModes rpc.response.status_code=CANCELLED",
            ],
            Measured("rpc.client.call.duration"));
        Assert.Equal([1, 4], _log.Entries.Select(entry => entry.Id));
    }

    [Fact]
    public async Task Retries_and_reconnects_are_told()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice, o => o with { LoggerFactory = _log, Retry = MacpRetryPolicy.Default, TimeProvider = new HastyTime() });
        int streams = 0;
        runtime.OnSend = (r, _) => ValueTask.FromResult(runtime.Sent.Count == 1 ? FakeRuntime.Refuse(r.Envelope, "RATE_LIMITED") : FakeRuntime.Duplicate(r.Envelope));
        runtime.OnStream = (_, _, _) => ++streams == 1 ? throw new GrpcException(GrpcStatusCode.Unavailable, "gone") : Task.CompletedTask;

        await client.SendAsync(Notes.Note("s", "alice", "x"));
        await foreach (var _ in client.FollowSessionAsync("s")) { }

        Assert.Equal([$"macp.client.retries 1 rpc.method={Service}/Send reason=RATE_LIMITED"], Measured("macp.client.retries"));
        Assert.Equal(["macp.client.reconnects 1 reason=UNAVAILABLE"], Measured("macp.client.reconnects"));
        // When a stream that broke is told closed is its connection's affair.
        var told = _log.Entries.Select(entry => entry.Id).ToLookup(id => id is 10 or 11);
        Assert.Equal([1, 3, 5, 2, 6], told[false]);
        Assert.Equal([10, 11, 10, 11], told[true]);
        Assert.Contains("macp.outcome=duplicate", Tags(_spans[1]));
    }

    [Fact]
    public async Task Streams_that_are_open_are_counted_and_their_spans_end_with_them()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        runtime.OnWatchSessions = async (responses, call) => await Task.Delay(Timeout.Infinite, call.CancellationToken);
        using var caller = new Activity("caller").Start();
        var stream = await client.OpenStreamAsync();
        using (var source = new CancellationTokenSource())
        {
            var watching = client.WatchSessionsAsync(null, source.Token).GetAsyncEnumerator();
            var next = watching.MoveNextAsync();
            Assert.Equal(["StreamSession", "WatchSessions"], Measured("macp.client.streams 1").Select(MethodOf));
            Assert.Same(caller, Activity.Current);
            Assert.Empty(_spans);
            await source.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
        }
        await stream.DisposeAsync();
        await stream.DisposeAsync();

        Assert.Equal(["WatchSessions", "StreamSession"], Measured("macp.client.streams -1").Select(MethodOf));
        Assert.All(_spans, span => Assert.Equal((caller.SpanId, ActivityStatusCode.Unset), (span.ParentSpanId, span.Status)));
        Assert.Equal(2, _spans.Count);

        static string MethodOf(string measured) => measured.Split('/')[^1];
    }

    [Fact]
    public async Task The_callers_place_in_a_trace_travels_also_where_nobody_makes_spans_and_headers_of_its_own_count_first()
    {
        _listener.Dispose();
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        const string Own = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        using var caller = new Activity("caller").Start();

        await client.ListModesAsync();
        await client.ListModesAsync(new() { Headers = new Dictionary<string, string> { ["traceparent"] = Own } });
        await foreach (var _ in client.WatchRootsAsync()) { }

        Assert.Equal([caller.TraceId.ToHexString(), Own.Split('-')[1], caller.TraceId.ToHexString()], runtime.Headers.Select(h => h.Get("traceparent")!.Split('-')[1]));
        Assert.Equal(Own, runtime.Headers.ElementAt(1).Get("traceparent"));
        Assert.Empty(_spans);
    }

    [Fact]
    public async Task Plaintext_is_warned_of_and_nothing_tells_a_token_or_a_payload()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = Connect(runtime);
        await using var secure = new MacpClient(new() { Endpoint = new("https://localhost:1"), LoggerFactory = _log });
        var fetching = MacpAuth.Refreshing(_ => throw new InvalidOperationException("s3cr3t-token"), "alice");
        runtime.OnSend = (r, _) => ValueTask.FromResult(FakeRuntime.Refuse(r.Envelope, "UNAUTHENTICATED", "no such s3cr3t-token"));

        await client.InitializeAsync();
        await client.SendAsync(Notes.Note("s", "alice", "secret-payload", "m1"), new() { ThrowOnNack = false });
        await Assert.ThrowsAsync<MacpConfigurationException>(() => client.GetSessionAsync("s", new() { Auth = fetching }));
        int asked = 0;
        await client.SendAsync(Notes.Note("s", "", "y"), new() { ThrowOnNack = false, Auth = MacpAuth.Bearer(_ => ValueTask.FromResult($"s3cr3t-token-{asked++}")) });

        Assert.Equal((MacpClientTelemetry.LogCategory, 1, $"127.0.0.1:{runtime.Address.Port}"), (_log.Entries.First().Category, _log.Entries.First().Id, _log.Entries.First().Text.Split(' ')[3]));
        Assert.Equal([1, 2, 9, 3, 8, 3, 7, 3], _log.Entries.Select(entry => entry.Id));
        string told = string.Join('\n', _log.Entries.Select(entry => entry.Text).Concat(_spans.Select(Tags)).Concat(_measured));
        Assert.DoesNotContain("s3cr3t", told);
        Assert.DoesNotContain("secret-payload", told);
    }

    public void Dispose()
    {
        _meters.Dispose();
        _listener.Dispose();
    }

    MacpClient Connect(FakeRuntime runtime) => runtime.Connect(Alice, o => o with { LoggerFactory = _log });

    IEnumerable<string> Measured(string begins)
    {
        lock (_measured) return [.. _measured.Where(line => line.StartsWith(begins, StringComparison.Ordinal))];
    }

    void Heard(Instrument instrument, string value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string line = string.Join(' ', [instrument.Name, value, .. tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")]);
        lock (_measured) _measured.Add(line);
    }

    static string Tags(Activity span) => string.Join(' ', span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"));
}
