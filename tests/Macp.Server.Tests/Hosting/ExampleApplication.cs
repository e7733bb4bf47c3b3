using Macp.Modes.Standard;
using Macp.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Server.Tests;

/// <summary>The application that <c>docs/operating.md</c> shows, which is made by the lines between the markers.</summary>
static class ExampleApplication
{
    public static WebApplication Create(string[] args)
    {
        // example
        var builder = WebApplication.CreateBuilder(args);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2));
        builder.Services.AddMacpRuntime().AddMode<DecisionMode>().AddMode<ProposalMode>();

        var app = builder.Build();
        app.MapGet("/", () => "An application with a runtime in it.");
        app.MapHealthChecks("/health");
        app.MapMacp();
        // end
        return app;
    }

    /// <summary>Its text, as it stands at the left margin.</summary>
    public static string Source() => string.Join('\n', File.ReadLines(Path.Combine(SharedFolder.Repository, "tests", "Macp.Server.Tests", "Hosting", "ExampleApplication.cs"))
        .SkipWhile(line => line.Trim() != "// example").Skip(1).TakeWhile(line => line.Trim() != "// end").Select(line => line.Length > 8 ? line[8..] : line));
}
