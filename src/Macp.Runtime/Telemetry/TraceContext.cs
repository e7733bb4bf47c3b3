using System.Diagnostics;

namespace Macp.Runtime;

/// <summary>The place in a trace at which a session began, as its history keeps it: in the form of the W3C's header <c>traceparent</c>.</summary>
static class TraceContext
{
    /// <summary>The context as text; null when it is none.</summary>
    public static string? Write(ActivityContext context) =>
        context.TraceId == default || context.SpanId == default ? null : $"00-{context.TraceId}-{context.SpanId}-{(byte)context.TraceFlags:x2}";

    /// <summary>The context that the text tells; the default where it tells none.</summary>
    public static ActivityContext Read(string? text) => ActivityContext.TryParse(text, null, isRemote: true, out var context) ? context : default;

    /// <summary>The caller's context: what is given, else that of the span in which this runs.</summary>
    public static ActivityContext Of(ActivityContext caller) => caller != default ? caller : Activity.Current?.Context ?? default;
}
