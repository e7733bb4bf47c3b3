using Macp.Runtime;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Macp.Server.Hosting;

/// <summary>Starts the runtime's sweeper with the application and writes the runtime's faults to its log.</summary>
sealed partial class RuntimeLifetime(MacpRuntime runtime, ILogger<RuntimeLifetime> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        runtime.Faulted += LogFault;
        runtime.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        runtime.Faulted -= LogFault;
        return Task.CompletedTask;
    }

    void LogFault(string sessionId, Exception exception)
    {
        if (sessionId.Length == 0) LogFault(logger, exception);
        else LogFault(logger, sessionId, exception);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "Session '{SessionId}' could not take a message; nothing of it was kept")]
    static partial void LogFault(ILogger logger, string sessionId, Exception exception);

    [LoggerMessage(EventId = 5, Level = LogLevel.Error, Message = "Something that belongs to no session failed; the runtime goes on without it")]
    static partial void LogFault(ILogger logger, Exception exception);
}
