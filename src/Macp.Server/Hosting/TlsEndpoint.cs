using System.Net;
using Macp.Server.Telemetry;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Macp.Server.Hosting;

/// <summary>A port with TLS, on which the handshake (ALPN) tells gRPC's HTTP/2 from HTTP/1.1.</summary>
static class TlsEndpoint
{
    static readonly object Secured = new();

    /// <summary>Has Kestrel, which must be in use already, listen there.</summary>
    /// <exception cref="MacpConfigurationException">A file cannot be used.</exception>
    public static IWebHostBuilder ListenWithTls(this IWebHostBuilder web, IPEndPoint endpoint, MacpTlsOptions tls)
    {
        var files = TlsFiles.Read(tls);
        return web.ConfigureKestrel(kestrel => kestrel.Listen(endpoint, listen =>
        {
            var services = kestrel.ApplicationServices;
            var certificates = new RenewedCertificates(tls, files, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<RenewedCertificates>>());
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            // Around the handshake and behind it: of a connection that ends in between, Kestrel says so to nobody.
            listen.Use(next => connection => TellAsync(next, connection, services.GetRequiredService<SecurityLog>()));
            listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => new(certificates.Current()) });
            listen.Use(next => connection =>
            {
                connection.Items[Secured] = Secured;
                return next(connection);
            });
        }));
    }

    static async Task TellAsync(ConnectionDelegate next, ConnectionContext connection, SecurityLog log)
    {
        string peer = connection.RemoteEndPoint?.ToString() ?? "";
        await next(connection).ConfigureAwait(false);
        if (!connection.Items.ContainsKey(Secured)) log.FailedHandshake(peer);
    }
}
