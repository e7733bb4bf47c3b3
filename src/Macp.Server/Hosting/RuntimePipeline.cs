using Macp.Grpc;
using Macp.Runtime;
using Macp.Server.Authentication;
using Macp.Server.Health;
using Macp.Server.Service;
using Macp.Server.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Server.Hosting;

/// <summary>What answers the requests that are the runtime's, by their paths. Nothing of the runtime is made before it serves.</summary>
sealed class RuntimePipeline
{
    public RuntimePipeline(Func<IApplicationBuilder> branch)
    {
        var services = branch().ApplicationServices;
        var readiness = services.GetRequiredService<Readiness>();
        var calls = new ServingGate(readiness, () => Calls(branch()));
        var manifest = new ServingGate(readiness, () => new ManifestPage(services.GetRequiredService<MacpRuntime>()).InvokeAsync);
        var health = branch().UseGrpc(HealthService.Create(readiness)).Build();
        Paths =
        [
            new($"/{RuntimeMethods.ServiceName}/", "{method}", calls.InvokeAsync),
            new($"/{HealthService.Name}/", "{method}", health),
            new(ManifestPage.Path, "", manifest.InvokeAsync),
        ];
    }

    public IReadOnlyList<RuntimePath> Paths { get; }

    /// <summary>Answers them in an application's pipeline, by their beginnings: no routing.</summary>
    public IApplicationBuilder Use(IApplicationBuilder app) => app.Use(next => context =>
    {
        string path = context.Request.Path.Value ?? "";
        foreach (var mine in Paths)
            if (mine.Covers(path)) return mine.Answer(context);
        return next(context);
    });

    static RequestDelegate Calls(IApplicationBuilder branch)
    {
        var services = branch.ApplicationServices;
        var options = services.GetRequiredService<MacpServerOptions>();
        var authenticator = services.GetRequiredService<IAuthenticator>();
        if (services.GetService<IAuthorizer>() is { } authorizer) authenticator = new AuthorizedAuthenticator(authenticator, authorizer);
        var grpc = new GrpcServerOptions
        {
            MaxReceiveMessageBytes = options.MaxReceiveMessageBytes,
            RequestTimeout = options.RequestTimeout,
            MaxConcurrentCallsPerConnection = options.MaxConcurrentCalls,
            TimeProvider = services.GetRequiredService<TimeProvider>(),
        };
        return branch.UseGrpc(grpc, MacpService.Create(services.GetRequiredService<MacpRuntime>(), authenticator, services.GetRequiredService<SecurityLog>())).Build();
    }
}

/// <summary>A path, or with a parameter all that lie below it, and what answers there.</summary>
readonly record struct RuntimePath(string Prefix, string Parameter, RequestDelegate Answer)
{
    public string Pattern => Prefix + Parameter;

    public bool Covers(string path) => Parameter.Length == 0 ? path == Prefix : path.StartsWith(Prefix, StringComparison.Ordinal);
}
