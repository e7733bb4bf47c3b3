using System.Collections.Concurrent;
using System.Diagnostics;
using Macp.Runtime;

namespace Macp.Server.Tests;

/// <summary>The caller's place in a trace comes over gRPC as metadata, and goes through the kernel into the history.</summary>
public sealed class TraceTests : IDisposable
{
    const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736", SpanId = "00f067aa0ba902b7", TraceParent = $"00-{TraceId}-{SpanId}-01";

    readonly string _data = Directory.CreateTempSubdirectory("macp-trace-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task Where_nobody_listens_the_callers_place_is_stored_with_the_start(bool streamed)
    {
        await using var runtime = await TestRuntime.StartAsync(data: _data);
        string session = await StartAsync(runtime, streamed, ("traceparent", TraceParent), ("tracestate", "vendor=value"));
        Assert.Equal((TraceParent, TraceId), (Stored(session).TraceParent, Stored(session).TraceId));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [InlineData($"00-{TraceId}-0000000000000000-01")]
    [InlineData($"00-{TraceId}-{SpanId}-01-and-so-on")]
    [InlineData($"00-4BF92F3577B34DA6A3CE929D0E0E4736-{SpanId}-01")]
    public async Task What_is_no_place_in_a_trace_is_ignored(string header)
    {
        await using var runtime = await TestRuntime.StartAsync(data: _data);
        Assert.Null(Stored(await StartAsync(runtime, streamed: false, ("traceparent", header))).TraceParent);
        Assert.Null(Stored(await StartAsync(runtime, streamed: true, ("traceparent", header + new string('0', 4000)))).TraceParent);
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task Spans_are_the_callers_children_and_the_starts_own_is_stored(bool streamed)
    {
        using var heard = new Heard(MacpTelemetry.ActivitySourceName);
        await using var runtime = await TestRuntime.StartAsync(data: _data);
        string session = await StartAsync(runtime, streamed, ("traceparent", TraceParent), ("tracestate", "vendor=value"));
        await runtime.Channel.UnaryAsync(Rpc.SuspendSession, new() { SessionId = session }, Rpc.As("ini", ("traceparent", TraceParent))).Happens();
        await runtime.Channel.UnaryAsync(Rpc.ResumeSession, new() { SessionId = session }, Rpc.As("ini", ("traceparent", TraceParent))).Happens();
        await runtime.Channel.UnaryAsync(Rpc.CancelSession, new() { SessionId = session }, Rpc.As("ini", ("traceparent", TraceParent), ("tracestate", new string('x', 600)))).Happens();

        var spans = heard.Of(session);
        Assert.Equal(["macp.send", "macp.control", "macp.control", "macp.control"], spans.Select(span => span.OperationName));
        Assert.All(spans, span => Assert.Equal((TraceId, SpanId), (span.TraceId.ToString(), span.ParentSpanId.ToString())));
        Assert.Equal(("vendor=value", null), (spans[0].TraceStateString, spans[3].TraceStateString));
        Assert.Equal(spans[0].Id, Stored(session).TraceParent);
    }

    [Fact]
    public async Task Where_Asp_Net_has_a_span_of_the_request_that_is_the_caller()
    {
        using var heard = new Heard(MacpTelemetry.ActivitySourceName, "Microsoft.AspNetCore");
        await using var runtime = await TestRuntime.StartAsync(data: _data);
        string session = await StartAsync(runtime, streamed: false, ("traceparent", TraceParent));

        var span = Assert.Single(heard.Of(session));
        Assert.Equal(TraceId, span.TraceId.ToString());
        await heard.ComesAsync(request => request.SpanId == span.ParentSpanId && request.Source.Name == "Microsoft.AspNetCore" && request.ParentSpanId.ToString() == SpanId);
    }

    static async Task<string> StartAsync(TestRuntime runtime, bool streamed, params (string, string)[] metadata)
    {
        string session = Envelopes.NewSession();
        var start = Envelopes.Start(session);
        if (!streamed)
        {
            Assert.True((await runtime.SendAsync(Rpc.As("ini", metadata), start)).Ok);
            return session;
        }
        await using var stream = runtime.Stream("ini", metadata);
        await stream.SendAsync(start);
        await stream.DeliversAsync(start.MessageId);
        return session;
    }

    SessionBinding Stored(string session) => JournalArchive.Open(_data).ReadSessions().Single(stored => stored.SessionId == session).Start.Binding!;

    /// <summary>The spans of these sources that ended.</summary>
    sealed class Heard : IDisposable
    {
        readonly ConcurrentQueue<Activity> _ended = [];
        readonly ActivityListener _listener;

        public Heard(params string[] sources)
        {
            _listener = new()
            {
                ShouldListenTo = source => sources.Contains(source.Name),
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
                ActivityStopped = _ended.Enqueue,
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public List<Activity> Of(string session) => [.. _ended.Where(span => span.GetTagItem("macp.session_id") as string == session)];

        public async Task ComesAsync(Func<Activity, bool> expected)
        {
            for (int i = 0; i < 3000 && !_ended.Any(expected); i++) await Task.Delay(10);
            Assert.Contains(_ended, span => expected(span));
        }

        public void Dispose() => _listener.Dispose();
    }
}
