using System.Diagnostics.Metrics;
using Macp.Grpc;
using Macp.Modes;
using Macp.Runtime;
using Macp.Server;
using Macp.Server.Authentication;
using Macp.Server.Configuration;
using Macp.Server.Hosting;
using Macp.Server.Service;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts a MACP runtime into an ASP.NET Core application.</summary>
public static class MacpServerExtensions
{
    /// <summary>
    /// Adds a runtime that hosts these modes. Callers are authenticated as the options say, or by what is registered before it: an <see cref="ITokenSource"/>
    /// in the place of the options' tokens, or an <see cref="IAuthenticator"/> in the place of all that. An <see cref="IAuthorizer"/> has the last word about
    /// either. TLS is the application's own to set up.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="modes">The modes.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <exception cref="MacpConfigurationException">
    /// No authentication is configured, and the options do not allow to go without; or a token, a key or a policy cannot be read. What is wrong with a policy's rules or with
    /// the data folder is told by the same exception when the runtime is made.
    /// </exception>
    public static IServiceCollection AddMacpRuntime(this IServiceCollection services, ModeCatalog modes, MacpServerOptions? options = null)
    {
        options ??= new();
        AuthenticationServices.Add(services, options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        if (options.DataFolder is { } data && !services.Any(s => s.ServiceType == typeof(IHistory)))
            services.AddSingleton<IHistory>(provider => DataFolder.Open(data, provider.GetRequiredService<ILoggerFactory>()));
        var policies = options.PoliciesFolder is { } folder ? PolicyFiles.Read(folder) : null;
        services.AddSingleton(provider => Create(provider, modes, options.Runtime, policies));
        services.AddHostedService<RuntimeLifetime>();
        services.Configure<KestrelServerOptions>(kestrel => Configure(kestrel.Limits, options));
        return services;
    }

    /// <summary>
    /// Answers the calls of <c>macp.v1.MACPRuntimeService</c>, and <c>/.well-known/macp.json</c> with the runtime's manifest; every other request goes on
    /// down the pipeline.
    /// </summary>
    public static IApplicationBuilder UseMacpRuntime(this IApplicationBuilder app)
    {
        var services = app.ApplicationServices;
        var runtime = services.GetRequiredService<MacpRuntime>();
        var grpc = new GrpcServerOptions
        {
            MaxReceiveMessageBytes = services.GetRequiredService<MacpServerOptions>().MaxReceiveMessageBytes,
            TimeProvider = services.GetRequiredService<TimeProvider>(),
        };
        var authenticator = services.GetRequiredService<IAuthenticator>();
        if (services.GetService<IAuthorizer>() is { } authorizer) authenticator = new AuthorizedAuthenticator(authenticator, authorizer);
        return app.UseGrpc(grpc, MacpService.Create(runtime, authenticator))
            .Use(next => new ManifestPage(next, runtime).InvokeAsync);
    }

    static MacpRuntime Create(IServiceProvider provider, ModeCatalog modes, MacpRuntimeOptions options, PolicyFiles? policies)
    {
        if (policies is not null) options = options with { Policies = policies.Policies };
        try
        {
            return new(modes, options, provider.GetService<IHistory>(), provider.GetRequiredService<TimeProvider>(), provider.GetService<IMeterFactory>());
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
}
