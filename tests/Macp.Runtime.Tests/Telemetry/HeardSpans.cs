using System.Diagnostics;

namespace Macp.Runtime.Tests.Telemetry;

/// <summary>The kernel's spans that ended since this listens.</summary>
sealed class HeardSpans : IDisposable
{
    readonly List<Activity> _ended = [];
    readonly ActivityListener _listener;

    public HeardSpans()
    {
        _listener = new()
        {
            ShouldListenTo = source => source.Name == MacpTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                lock (_ended) _ended.Add(span);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>The spans of a session, in the order in which they ended.</summary>
    public List<Activity> Of(string session)
    {
        lock (_ended) return [.. _ended.Where(span => Tag(span, "macp.session_id") == session)];
    }

    /// <summary>The spans of this name.</summary>
    public List<Activity> Named(string name)
    {
        lock (_ended) return [.. _ended.Where(span => span.OperationName == name)];
    }

    public static string? Tag(Activity span, string tag) => span.GetTagItem(tag)?.ToString();

    /// <summary>What a span tells, without ids that differ each time.</summary>
    public static string Describe(Activity span) => $"{span.OperationName} {string.Join(' ', span.TagObjects.Select(tag => $"{tag.Key["macp.".Length..]}={tag.Value}"))}";

    /// <summary>A caller's place in a trace of its own.</summary>
    public static ActivityContext Caller() => new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, isRemote: true);

    public void Dispose() => _listener.Dispose();
}
