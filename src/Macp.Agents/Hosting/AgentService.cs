using Macp.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Macp.Agents;

/// <summary>Runs an agent as long as the host runs, or until its session ends. What ends it with an error ends the host, as with every background service.</summary>
sealed class AgentService<TAgent>(IServiceProvider services, AgentHostingOptions options, ILogger<TAgent> logger) : BackgroundService
    where TAgent : class, IMacpAgent
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var bootstrap = services.GetService<MacpBootstrap>() ?? await MacpBootstrap.LoadAsync(options.BootstrapFile, stoppingToken).ConfigureAwait(false);
        var own = services.GetService<MacpClient>() is null ? bootstrap.CreateClient() : null;
        try
        {
            var agent = services.GetRequiredService<TAgent>();
            await agent.RunAsync(own ?? services.GetRequiredService<MacpClient>(), bootstrap, logger, stoppingToken).ConfigureAwait(false);
        }
        finally
        {
            if (own is not null) await own.DisposeAsync().ConfigureAwait(false);
        }
        if (options.StopHostAtEnd) services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
    }
}
