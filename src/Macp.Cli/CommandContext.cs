using System.Net;
using Macp.Modes;
using Macp.Server;
using Microsoft.Extensions.Logging;

namespace Macp.Cli;

/// <summary>What every command is given.</summary>
/// <param name="Modes">What is hosted.</param>
/// <param name="Output">Where results go.</param>
/// <param name="Error">Where complaints go.</param>
sealed record CommandContext(ModeCatalog Modes, TextWriter Output, TextWriter Error)
{
    /// <summary>What stands behind <c>--</c> on the command line: no options, whatever it looks like.</summary>
    public IReadOnlySet<string> Literals { get; init; } = new HashSet<string>();

    /// <summary>Complains, and gives the exit status.</summary>
    public int Fail(int status, string message)
    {
        Warn(message);
        return status;
    }

    /// <summary>Complains in one line, whatever is in the message.</summary>
    public void Warn(string message)
    {
        try
        {
            Error.WriteLine($"macp: {PlainText.Of(message)}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Closed, or full: there is nowhere left to say so, and the exit status says the rest.
        }
    }

    /// <summary>A runtime of the command's own on a free loopback port, without limits that could get into a scenario's way.</summary>
    public Task<MacpHost> HostAsync(CancellationToken cancellationToken) => HostAsync(
        new()
        {
            Listen = new(IPAddress.Loopback, 0),
            AllowInsecure = true,
            ShutdownDrain = TimeSpan.FromSeconds(2),
            LogLevel = LogLevel.Warning,
            Runtime = new() { SessionStartLimitPerMinute = int.MaxValue, MessageLimitPerMinute = int.MaxValue },
        },
        cancellationToken);

    /// <summary>A runtime under these options.</summary>
    public Task<MacpHost> HostAsync(MacpServerOptions options, CancellationToken cancellationToken) =>
        MacpHost.StartAsync(Modes, options, cancellationToken: cancellationToken);
}

/// <summary>What the command's exit status means.</summary>
static class ExitStatus
{
    /// <summary>All well.</summary>
    public const int Well = 0;

    /// <summary>Something did not hold, the server could not start, or the runtime is not there or refuses.</summary>
    public const int Failed = 1;

    /// <summary>Wrong usage, or a file or folder that cannot be used.</summary>
    public const int Unusable = 2;

    /// <summary>Given up because of a signal, as a shell tells it of SIGINT.</summary>
    public const int GivenUp = 130;

    /// <summary>Nobody reads the output any more, as a shell tells it of SIGPIPE.</summary>
    public const int HungUp = 141;
}
