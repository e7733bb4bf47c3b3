using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using Macp.Grpc.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Macp.Grpc;

/// <summary>Puts gRPC services into an application.</summary>
public static class GrpcApplicationBuilderExtensions
{
    /// <summary>Serves the services with the default options. Everything that is not gRPC passes on to what stands behind.</summary>
    /// <param name="app">The application. Its endpoint has to speak HTTP/2.</param>
    /// <param name="services">The services.</param>
    public static IApplicationBuilder UseGrpc(this IApplicationBuilder app, params GrpcService[] services) =>
        app.UseGrpc(new GrpcServerOptions(), services);

    /// <summary>
    /// Serves the services. A gRPC call of an unknown method is answered with UNIMPLEMENTED; everything that is not gRPC passes on to
    /// what stands behind.
    /// </summary>
    /// <param name="app">The application. Its endpoint has to speak HTTP/2.</param>
    /// <param name="options">Limits and clock.</param>
    /// <param name="services">The services.</param>
    /// <exception cref="ArgumentException">Two services share a name.</exception>
    public static IApplicationBuilder UseGrpc(this IApplicationBuilder app, GrpcServerOptions options, params GrpcService[] services)
    {
        ArgumentNullException.ThrowIfNull(options);
        var logger = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("Macp.Grpc");
        var stopping = app.ApplicationServices.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None;
        var server = new ServerEnvironment(options, logger, app.ApplicationServices.GetService<IMeterFactory>(), stopping);
        var handlers = services.SelectMany(service => service.Handlers)
            .ToDictionary(entry => entry.Key, entry => entry.Value(server))
            .ToFrozenDictionary(StringComparer.Ordinal);

        return app.Use(next => new GrpcMiddleware(next, handlers).InvokeAsync);
    }
}
