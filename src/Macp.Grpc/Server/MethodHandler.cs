using Microsoft.AspNetCore.Http;

namespace Macp.Grpc.Server;

/// <summary>Answers the calls of one method.</summary>
abstract class MethodHandler
{
    /// <summary>Completes when the call has been answered and its handler is done, and never fails.</summary>
    public abstract Task InvokeAsync(HttpContext context);
}
