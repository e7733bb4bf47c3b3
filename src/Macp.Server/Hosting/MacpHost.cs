using Macp.Modes;
using Macp.Runtime;
using Macp.Server.Authentication;
using Macp.Server.Hosting;
using Macp.Server.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Macp.Server;

/// <summary>A runtime with a server of its own, listening until it is disposed. What <c>macp serve</c> runs, and tests.</summary>
public sealed class MacpHost : IAsyncDisposable
{
    /// <summary>Where HTTP is told that the process lives, and whether it serves.</summary>
    const string LivePath = "/healthz", ReadyPath = "/readyz";

    static readonly TimeSpan KeepAlivePing = TimeSpan.FromSeconds(30);

    readonly WebApplication _app;

    MacpHost(WebApplication app) => _app = app;

    /// <summary>Where it listens, with the port that was picked.</summary>
    // The first: the endpoint for HTTP/1.1 has no port of its own.
    public Uri Address => new(Addresses.First());

    /// <summary>Where metrics are to be had, with the port that was picked; null where they are not.</summary>
    public Uri? MetricsAddress => _app.Services.GetRequiredService<MacpServerOptions>().MetricsListen is null ? null : new(Addresses.Last());

    /// <summary>The runtime behind the server.</summary>
    public MacpRuntime Runtime => _app.Services.GetRequiredService<MacpRuntime>();

    /// <summary>Starts a runtime and its server.</summary>
    /// <param name="modes">The modes to host.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <param name="configure">Adds services, such as a clock, a history or an authenticator; null for none.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="MacpConfigurationException">It cannot start as it is configured.</exception>
    /// <exception cref="IOException">The address is in use.</exception>
    public static async Task<MacpHost> StartAsync(
        ModeCatalog modes, MacpServerOptions? options = null, Action<IServiceCollection>? configure = null, CancellationToken cancellationToken = default)
    {
        options ??= new();
        // Nothing is read from the folder it is started in, nor from variables that are not the runtime's.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.Http2.KeepAlivePingDelay = KeepAlivePing;
        });
        if (options.Tls is { } tls) builder.WebHost.ListenWithTls(options.Listen, tls);
        else builder.WebHost.ListenInPlaintext(options.Listen);
        if (options.MetricsListen is { } metrics) builder.WebHost.ListenForMetrics(metrics);
        builder.Logging.AddServerLog(options);
        // Signals are the command's; a test has many hosts in one process.
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.ShutdownDrain);
        configure?.Invoke(builder.Services);
        builder.Services.AddMacpRuntime(options).AddModes(modes);
        builder.Services.AddSingleton<HostTelemetry>();

        var app = builder.Build();
        try
        {
            // Whoever has configured nothing is told of that first.
            _ = app.Services.GetRequiredService<IAuthenticator>();
            if (options.Tls is null && !options.AllowInsecure)
                throw new MacpConfigurationException("TLS is required unless MACP_ALLOW_INSECURE=1: tokens would travel in the clear. Set MACP_TLS_CERT_PATH and MACP_TLS_KEY_PATH.");
            // Before the runtime, whose meters it listens to.
            _ = app.Services.GetRequiredService<HostTelemetry>();
            app.UseWhen(context => HttpMethods.IsConnect(context.Request.Method), only => only.Run(RefuseTunnel));
            app.UseHealthChecks(LivePath, new HealthCheckOptions { Predicate = _ => false }).UseHealthChecks(ReadyPath);
            if (options.MetricsListen is not null) app.UseWhen(MetricsEndpoint.IsFor, only => only.Run(MetricsEndpoint.AnswerAsync));
            app.UseMacp();
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
            var host = new MacpHost(app);
            if (options.Tls is null && !options.IsDevelopment) app.Services.GetRequiredService<ILogger<MacpHost>>().ServesInTheClear(host.Address.Authority);
            return host;
        }
        catch
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stops: streams end with UNAVAILABLE, other calls may take as long as the options allow.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync().ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
    }

    // There is nobody to be connected with; and an answer with a body, such as that of health, Kestrel would take for a failure, and log each.
    static Task RefuseTunnel(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        context.Response.Headers.Allow = $"{HttpMethods.Get}, {HttpMethods.Head}, {HttpMethods.Post}";
        return Task.CompletedTask;
    }

    ICollection<string> Addresses => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;

    sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
