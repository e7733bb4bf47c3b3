using Macp.Grpc;
using Microsoft.AspNetCore.Http;

namespace Macp.Server.Health;

/// <summary>
/// Lets requests through to the runtime once it serves; those that come before are told to come again. What stands behind is built when the runtime is there.
/// </summary>
sealed class ServingGate(Readiness readiness, Func<RequestDelegate> behind)
{
    readonly Lazy<RequestDelegate> _behind = new(behind);

    public Task InvokeAsync(HttpContext context)
    {
        // Once built it stays open: what stops is ended by the host, which lets calls complete.
        if (_behind.IsValueCreated || readiness.IsServing) return _behind.Value(context);
        if (context.IsGrpc()) return context.RefuseGrpcAsync(new(GrpcStatusCode.Unavailable, "The runtime does not serve: it is reading its histories, or stopping. Try again."));

        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = "1";
        return Task.CompletedTask;
    }
}
