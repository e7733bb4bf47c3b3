using System.CommandLine;
using Macp.Server;

namespace Macp.Cli.Commands;

/// <summary><c>macp serve</c>: the runtime, until it is told to stop.</summary>
static class ServeCommand
{
    public static Command Create(CommandContext context)
    {
        var listen = new Option<string?>("--listen") { Description = "Where to listen, as HOST:PORT; port 0 picks a free one. MACP_BIND_ADDR, or 127.0.0.1:50051, when not said.", HelpName = "HOST:PORT" };
        var dev = new Option<bool>("--dev") { Description = "For development: no TLS, and whatever token a caller brings is its name. So does MACP_ALLOW_INSECURE=1." };
        var command = new Command("serve", "Serves the runtime over gRPC until SIGINT or SIGTERM.") { listen, dev };
        command.SetAction((parsed, cancellationToken) => RunAsync(context, parsed.GetValue(listen), parsed.GetValue(dev), cancellationToken));
        return command;
    }

    static async Task<int> RunAsync(CommandContext context, string? listen, bool dev, CancellationToken cancellationToken)
    {
        try
        {
            var options = MacpEnvironment.Read(Environment.GetEnvironmentVariable);
            if (listen is not null) options = options with { Listen = MacpEnvironment.ParseEndpoint("--listen", listen) };
            options = options with { AllowInsecure = options.AllowInsecure || dev };

            await using var host = await MacpHost.StartAsync(context.Modes, options, cancellationToken: cancellationToken).ConfigureAwait(false);
            if (!options.MemoryOnly) context.Error.WriteLine("macp: histories are kept in memory and end with this process; MACP_MEMORY_ONLY=1 says that this is meant");
            context.Output.WriteLine($"macp: listening on {host.Address.GetLeftPart(UriPartial.Authority)}");
            await context.Output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return ExitStatus.Well;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitStatus.Well;
        }
        catch (Exception e) when (e is MacpConfigurationException or IOException)
        {
            return context.Fail(ExitStatus.Failed, e.Message);
        }
    }
}
