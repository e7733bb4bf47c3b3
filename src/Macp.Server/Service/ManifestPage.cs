using System.Text;
using Google.Protobuf;
using Macp.Runtime;
using Microsoft.AspNetCore.Http;

namespace Macp.Server.Service;

/// <summary>The runtime's manifest as JSON, for who speaks HTTP and not gRPC. As <c>GetManifest</c>, it needs no authentication (decisions 18).</summary>
sealed class ManifestPage(MacpRuntime runtime)
{
    public const string Path = "/.well-known/macp.json";

    // The names are those of wire.md, and no field is left out: a reader of JSON need not know that proto3 omits what is empty.
    static readonly JsonFormatter Json = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true).WithFormatDefaultValues(true));

    public Task InvokeAsync(HttpContext context)
    {
        string verb = context.Request.Method;
        if (!HttpMethods.IsGet(verb) && !HttpMethods.IsHead(verb)) return Refuse(context.Response);

        // Written for each request: what is hosted may have changed.
        byte[] json = Encoding.UTF8.GetBytes(Json.Format(Statuses.ValueOf(runtime.GetManifest()).Manifest));
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        // The server leaves it out of an answer to HEAD.
        return context.Response.Body.WriteAsync(json, context.RequestAborted).AsTask();
    }

    static Task Refuse(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        response.Headers.Allow = $"{HttpMethods.Get}, {HttpMethods.Head}";
        return Task.CompletedTask;
    }
}
