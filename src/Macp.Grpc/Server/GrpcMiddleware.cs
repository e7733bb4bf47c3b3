using System.Collections.Frozen;
using Macp.Grpc.Wire;
using Microsoft.AspNetCore.Http;

namespace Macp.Grpc.Server;

/// <summary>Takes the gRPC calls out of an application's requests. One look-up by path; no routing.</summary>
sealed class GrpcMiddleware(RequestDelegate next, FrozenDictionary<string, MethodHandler> handlers)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        bool isGrpc = context.IsGrpc();
        bool isPost = HttpMethods.IsPost(request.Method);
        if (!handlers.TryGetValue(request.Path.Value ?? "", out var handler) && !(isGrpc && isPost)) return next(context);

        if (!isPost) return Refuse(context, StatusCodes.Status405MethodNotAllowed, "Allow", HttpMethods.Post);
        if (!isGrpc) return Refuse(context, StatusCodes.Status415UnsupportedMediaType, "Accept-Post", HeaderName.GrpcContentType);
        if (!HttpProtocol.IsHttp2(request.Protocol) && !HttpProtocol.IsHttp3(request.Protocol))
            return RefuseVersion(context);

        return handler is null ? Unknown(context) : handler.InvokeAsync(context);
    }

    static Task Unknown(HttpContext context) =>
        context.RefuseGrpcAsync(new(GrpcStatusCode.Unimplemented, $"There is no method {context.Request.Path.Value} here."));

    // What is not a gRPC request is told so in HTTP; a gRPC client maps it by the table of http-grpc-status-mapping.
    static Task Refuse(HttpContext context, int status, string header, string value)
    {
        context.Response.StatusCode = status;
        context.Response.Headers[header] = value;
        return Task.CompletedTask;
    }

    // In words too, for whoever reads what its tool prints.
    static Task RefuseVersion(HttpContext context)
    {
        Refuse(context, StatusCodes.Status426UpgradeRequired, "Upgrade", "h2c");
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync($"gRPC needs HTTP/2; this request came by {context.Request.Protocol}.\n", context.RequestAborted);
    }
}
