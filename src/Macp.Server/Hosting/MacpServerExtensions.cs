using System.Diagnostics.Metrics;
using Macp.Modes;
using Macp.Runtime;
using Macp.Server;
using Macp.Server.Authentication;
using Macp.Server.Configuration;
using Macp.Server.Health;
using Macp.Server.Hosting;
using Macp.Server.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts a MACP runtime into an ASP.NET Core application.</summary>
public static class MacpServerExtensions
{
    /// <summary>
    /// Adds a runtime, whose modes are then added to what it returns. Callers are authenticated as the options say, or by what the application registers: an
    /// <see cref="ITokenSource"/> in the place of the options' tokens, or an <see cref="IAuthenticator"/> in the place of all that. An
    /// <see cref="IAuthorizer"/> has the last word about either. TLS and the address are the application's own to set up. Its health is a check named
    /// <c>macp</c> among the application's health checks.
    /// </summary>
    /// <remarks>
    /// The application listens first; then the runtime takes up what its data folder holds, and answers UNAVAILABLE until it has. Where it cannot start as it is
    /// configured, neither does the application: its start fails with a <see cref="MacpConfigurationException"/>.
    /// </remarks>
    /// <param name="services">The application's services.</param>
    /// <param name="options">The options; null to read them from the application's configuration, as <see cref="MacpEnvironment.Read(IConfiguration)"/> does.</param>
    public static MacpRuntimeBuilder AddMacpRuntime(this IServiceCollection services, MacpServerOptions? options = null)
    {
        if (options is not null) services.AddSingleton(options);
        else services.TryAddSingleton(provider => MacpEnvironment.Read(provider.GetRequiredService<IConfiguration>()));
        if (services.FirstOrDefault(service => service.ServiceType == typeof(ModeCatalog))?.ImplementationInstance is ModeCatalog added) return new(services, added);

        var modes = new ModeCatalog();
        services.AddSingleton(modes);
        services.AddRouting();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(AuthenticationServices.Create);
        services.TryAddSingleton<IHistory>(OpenHistory);
        services.AddSingleton(Create);
        services.AddMetrics();
        services.AddSingleton<ServerMetrics>();
        services.AddSingleton<SecurityLog>();
        services.AddSingleton<Readiness>();
        services.AddHostedService<RuntimeLifetime>();
        services.AddHealthChecks().AddCheck<RuntimeHealthCheck>("macp");
        services.AddOptions<KestrelServerOptions>().Configure<MacpServerOptions>((kestrel, macp) => Configure(kestrel.Limits, macp));
        return new(services, modes);
    }

    /// <summary>
    /// Maps the calls of <c>macp.v1.MACPRuntimeService</c> and of <c>grpc.health.v1.Health</c>, and <c>/.well-known/macp.json</c> with the runtime's manifest. The
    /// application's endpoint must speak HTTP/2.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <returns>What conventions, such as the hosts that it is for, are added to.</returns>
    public static IEndpointConventionBuilder MapMacp(this IEndpointRouteBuilder endpoints)
    {
        var pipeline = new RuntimePipeline(endpoints.CreateApplicationBuilder);
        return new MappedEndpoints([.. pipeline.Paths.Select(path => endpoints.Map(path.Pattern, path.Answer))]);
    }

    /// <summary>Answers the same without routing; every other request goes on down the pipeline.</summary>
    internal static IApplicationBuilder UseMacp(this IApplicationBuilder app) => new RuntimePipeline(app.New).Use(app);

    static IHistory OpenHistory(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<MacpServerOptions>();
        return options.DataFolder is { } folder ? DataFolder.Open(folder, options.IsRecoveryStrict, provider.GetRequiredService<ILoggerFactory>()) : new MemoryHistory();
    }

    static MacpRuntime Create(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<MacpServerOptions>();
        var policies = options.PoliciesFolder is { } folder ? PolicyFiles.Read(folder) : null;
        try
        {
            return new(
                provider.GetRequiredService<ModeCatalog>(), policies is null ? options.Runtime : options.Runtime with { Policies = policies.Policies },
                provider.GetRequiredService<IHistory>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IMeterFactory>());
        }
        catch (InvalidPolicyException e) when (policies is not null)
        {
            throw policies.Explain(e);
        }
    }

    static void Configure(KestrelServerLimits limits, MacpServerOptions options)
    {
        limits.Http2.MaxStreamsPerConnection = options.MaxConcurrentStreams;
        limits.MinResponseDataRate = null; // a session may be silent for hours, and its reader slow
    }

    sealed class MappedEndpoints(IEndpointConventionBuilder[] endpoints) : IEndpointConventionBuilder
    {
        public void Add(Action<EndpointBuilder> convention)
        {
            foreach (var endpoint in endpoints) endpoint.Add(convention);
        }

        public void Finally(Action<EndpointBuilder> convention)
        {
            foreach (var endpoint in endpoints) endpoint.Finally(convention);
        }
    }
}
