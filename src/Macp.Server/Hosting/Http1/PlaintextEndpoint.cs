using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Server.Hosting;

/// <summary>A port without TLS for gRPC, and for who speaks HTTP/1.1: curl, browsers, probes.</summary>
static class PlaintextEndpoint
{
    /// <summary>Has Kestrel, which must be in use already, listen there for both.</summary>
    public static IWebHostBuilder ListenInPlaintext(this IWebHostBuilder web, IPEndPoint endpoint)
    {
        var http1 = new Http1Listener();
        // Beside Kestrel's own factory, which is only added where there is none yet.
        web.ConfigureServices(services => services.AddSingleton<IConnectionListenerFactory>(http1));
        return web.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(endpoint, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                listen.Use(next => new ProtocolSwitch(next, http1, kestrel.Limits.KeepAliveTimeout).OnConnectedAsync);
            });
            kestrel.Listen(http1.EndPoint, listen => listen.Protocols = HttpProtocols.Http1);
        });
    }
}
