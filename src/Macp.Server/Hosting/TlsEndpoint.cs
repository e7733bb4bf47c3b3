using System.Net;
using Macp.Server.Telemetry;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Macp.Server.Hosting;

/// <summary>A port with TLS, on which the handshake (ALPN) tells gRPC's HTTP/2 from HTTP/1.1.</summary>
static class TlsEndpoint
{
    static readonly object HasShaken = new();

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
            var log = services.GetRequiredService<SecurityLog>();
            // Kestrel writes each failure at the level of debugging, with its stack: as many as anybody likes.
            listen.Use(next => async connection =>
            {
                await next(connection).ConfigureAwait(false);
                if (!connection.Items.ContainsKey(HasShaken)) log.FailedHandshake(connection.RemoteEndPoint?.ToString() ?? "");
            });
            listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => new(certificates.Current()) });
            listen.Use(next => connection =>
            {
                connection.Items[HasShaken] = HasShaken;
                return next(connection);
            });
        }));
    }
}
