using Macp.Grpc.Server;
using Macp.Grpc.Wire;
using Microsoft.AspNetCore.Http;

namespace Macp.Grpc;

/// <summary>gRPC for who stands in front of the services, and answers in their place.</summary>
public static class GrpcHttpContextExtensions
{
    /// <summary>Whether a request is a gRPC call, by its content type.</summary>
    /// <param name="context">The request.</param>
    public static bool IsGrpc(this HttpContext context) => HeaderName.IsGrpc(context.Request.Headers.ContentType.ToString());

    /// <summary>Ends a gRPC call that has no answer yet.</summary>
    /// <param name="context">The call's request and response.</param>
    /// <param name="status">How it ends.</param>
    public static Task RefuseGrpcAsync(this HttpContext context, GrpcStatus status)
    {
        ResponseTrailer.WriteOnly(context, status, trailers: null);
        return Task.CompletedTask;
    }
}
