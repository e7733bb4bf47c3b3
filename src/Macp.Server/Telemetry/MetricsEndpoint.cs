using System.Net;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Server.Telemetry;

/// <summary>A port of its own for metrics, in plain HTTP: whatever is asked for there, but for health, is answered with them (runtime-semantics 9.2).</summary>
static class MetricsEndpoint
{
    static readonly object Mark = new();

    /// <summary>Has Kestrel, which must be in use already, listen there.</summary>
    public static IWebHostBuilder ListenForMetrics(this IWebHostBuilder web, IPEndPoint endpoint) =>
        web.ConfigureKestrel(kestrel => kestrel.Listen(endpoint, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(next => connection =>
            {
                connection.Items[Mark] = Mark;
                return next(connection);
            });
        }));

    /// <summary>Whether a request came by that port.</summary>
    public static bool IsFor(HttpContext context) => context.Features.Get<IConnectionItemsFeature>()?.Items.ContainsKey(Mark) is true;

    /// <summary>Answers with the metrics.</summary>
    public static Task AnswerAsync(HttpContext context)
    {
        byte[] text = Encoding.UTF8.GetBytes(context.RequestServices.GetRequiredService<HostTelemetry>().Metrics());
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        context.Response.ContentLength = text.Length;
        context.Response.Headers.Connection = "close";
        return context.Response.Body.WriteAsync(text, context.RequestAborted).AsTask();
    }
}
