using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Macp.Server.Hosting;

/// <summary>A port with TLS, on which the handshake (ALPN) tells gRPC's HTTP/2 from HTTP/1.1.</summary>
static class TlsEndpoint
{
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
            listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => new(certificates.Current()) });
        }));
    }
}
