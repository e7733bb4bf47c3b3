using System.Diagnostics;
using Macp.Grpc;

namespace Macp.Server.Service;

/// <summary>The trace context in a call's metadata (W3C Trace Context, sections 3.2 and 3.3).</summary>
static class TraceHeaders
{
    // A vendor's list longer than this need not be passed on (section 3.3.1.5).
    const int LongestState = 512;

    /// <summary>
    /// Where in a trace the caller is; the default where nothing says so, also when that cannot be read, or when ASP.NET has read it and made a span of its own.
    /// </summary>
    public static ActivityContext ContextOf(GrpcServerCall call)
    {
        if (call.Header("traceparent") is not { } parent || Activity.Current is not null) return default;
        string? state = call.Header("tracestate");
        return ActivityContext.TryParse(parent, state?.Length <= LongestState ? state : null, isRemote: true, out var context) ? context : default;
    }
}
