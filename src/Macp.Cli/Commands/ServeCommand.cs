using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Macp.Server;
using Microsoft.Extensions.Configuration;

namespace Macp.Cli.Commands;

/// <summary><c>macp serve</c>: the runtime, until it is told to stop.</summary>
static class ServeCommand
{
    const string SettingsFile = "appsettings.json";

    public static Command Create(CommandContext context)
    {
        var listen = new Option<IPEndPoint?>("--listen")
        {
            Description = "Where to listen; port 0 picks a free one. MACP_BIND_ADDR, or 127.0.0.1:50051, when not said.",
            HelpName = "HOST:PORT",
            CustomParser = result => Endpoint(result.Tokens[0].Value, result.AddError),
        };
        var dev = new Option<bool>("--dev") { Description = "For development: no TLS unless it is configured, and where no authentication is, whatever token a caller brings is its name. So does MACP_ALLOW_INSECURE=1." };
        var data = new Option<string?>("--data")
        {
            Description = "The folder in which histories are kept. MACP_DATA_DIR, or .macp-data, when not said; MACP_MEMORY_ONLY=1 keeps none.",
            HelpName = "FOLDER",
        };
        data.Validators.Add(static result =>
        {
            if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string?>())) result.AddError("--data must name a folder; leave it out for MACP_DATA_DIR or .macp-data.");
        });
        var command = new Command("serve", "Serves the runtime over gRPC until SIGINT or SIGTERM.") { listen, dev, data };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(context, parsed.GetValue(listen), parsed.GetValue(dev), parsed.GetValue(data), cancellationToken));
        return command;
    }

    static async Task<int> RunAsync(CommandContext context, IPEndPoint? listen, bool dev, string? data, CancellationToken cancellationToken)
    {
        try
        {
            var options = MacpEnvironment.Read(Environment.GetEnvironmentVariable, Configuration());
            options = options with { Listen = listen ?? options.Listen, AllowInsecure = options.AllowInsecure || dev, DataFolder = data ?? options.DataFolder };
            return await ServeAsync(context, options, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitStatus.Well;
        }
        catch (MacpConfigurationException e)
        {
            return context.Fail(ExitStatus.Failed, e.Message);
        }
    }

    /// <summary>The environment's variables, and below them the file that hosts of .NET are set up by, where there is one in the folder it is started in.</summary>
    static IConfigurationRoot Configuration()
    {
        try
        {
            return new ConfigurationBuilder().SetBasePath(Environment.CurrentDirectory).AddJsonFile(SettingsFile, optional: true).AddEnvironmentVariables().Build();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new MacpConfigurationException($"{SettingsFile} cannot be read: {e.InnerException?.Message ?? e.Message}");
        }
    }

    static async Task<int> ServeAsync(CommandContext context, MacpServerOptions options, CancellationToken cancellationToken)
    {
        bool isNew = options.DataFolder is { } data && !Directory.Exists(data);
        MacpHost host;
        try
        {
            host = await context.HostAsync(options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            var refused = options.MetricsListen is { } metrics && e.Message.Contains($"{metrics}", StringComparison.Ordinal) ? metrics : options.Listen;
            return context.Fail(ExitStatus.Failed, $"cannot listen on {refused}: {e.Message}");
        }
        await using var stopping = host.ConfigureAwait(false);
        context.Output.WriteLine($"macp: {Histories(options, isNew, host.Runtime.TakenUp)}; {Identities(options)}connect with --endpoint {host.Address.GetLeftPart(UriPartial.Authority)}");
        await context.Output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return ExitStatus.Well;
    }

    static string Histories(MacpServerOptions options, bool isNew, int takenUp)
    {
        if (options.DataFolder is not { } folder) return "histories in memory, where they end with it";
        return $"histories in {Path.GetFullPath(folder)} ({(isNew ? "new" : takenUp == 1 ? "1 session goes on" : $"{takenUp} sessions go on")})";
    }

    static string Identities(MacpServerOptions options) => options.IsDevelopment ? "development: a caller's token is its name; " : "";

    static IPEndPoint? Endpoint(string text, Action<string> complain)
    {
        try
        {
            return MacpEnvironment.ParseEndpoint("--listen", text);
        }
        catch (MacpConfigurationException e)
        {
            complain(e.Message);
            return null;
        }
    }
}
