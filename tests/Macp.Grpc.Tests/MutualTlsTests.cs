using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Macp.Grpc.Tests;

/// <summary>A server that asks for a client's certificate.</summary>
public class MutualTlsTests
{
    [Theory]
    [InlineData(SslProtocols.Tls13, true), InlineData(SslProtocols.Tls13, false)]
    [InlineData(SslProtocols.Tls12, true), InlineData(SslProtocols.Tls12, false)]
    public async Task A_client_whose_certificate_is_refused_cannot_reach_it(SslProtocols protocol, bool hasOne)
    {
        using var certificate = SelfSigned();
        await using var app = await StartAsync(certificate, protocol);
        using var handler = new SocketsHttpHandler { SslOptions = new() { RemoteCertificateValidationCallback = (_, _, _, _) => true, ClientCertificates = hasOne ? [certificate] : null } };
        using var channel = new GrpcChannel(new() { Address = new(app.Urls.Single()), HttpMessageHandler = handler });

        // Which of the two ends notices first is chance.
        for (int i = 0; i < 10; i++)
        {
            var e = await Assert.ThrowsAsync<GrpcException>(() => channel.UnaryAsync(Methods.Unary, new() { Value = "x" }).WaitAsync(TimeSpan.FromSeconds(30)));
            Assert.True(e.Status.Code is GrpcStatusCode.Unavailable, e.ToString());
        }
    }

    static async Task<WebApplication> StartAsync(X509Certificate2 certificate, SslProtocols protocol)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.UseHttps(certificate, https =>
            {
                https.SslProtocols = protocol;
                https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                https.ClientCertificateValidation = (_, _, _) => false;
            });
        }));
        var app = builder.Build();
        await app.StartAsync();
        return app;
    }

    static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
