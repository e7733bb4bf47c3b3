using Macp.Runtime;
using Macp.Server.Authentication;
using Macp.Server.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Macp.Server.Hosting;

/// <summary>
/// Starts the runtime with the application, and writes its faults to the log. What is wrong with the configuration is found before anything listens; the
/// histories are read when everything does, so that whoever asks is told that the runtime is starting.
/// </summary>
sealed partial class RuntimeLifetime(
    IServiceProvider services, MacpServerOptions options, IAuthenticator authenticator, Readiness readiness, IHostApplicationLifetime application, ILogger<RuntimeLifetime> logger)
    : IHostedLifecycleService
{
    CancellationTokenRegistration _stopping;
    string? _fault;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        // Both are here, and with them all that is configured about them is read.
        (_, _) = (options, authenticator);
        _stopping = application.ApplicationStopping.Register(readiness.Stop);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // On a thread of its own: it may read for long, and others' hosted services wait for none of it.
    public Task StartedAsync(CancellationToken cancellationToken) => Task.Run(Serve, cancellationToken);

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        readiness.Stop();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        _stopping.Dispose();
        return Task.CompletedTask;
    }

    void Serve()
    {
        var runtime = services.GetRequiredService<MacpRuntime>();
        runtime.Faulted += OnFault;
        runtime.Start();
        if (options.IsRecoveryStrict && _fault is { } fault)
            throw new MacpConfigurationException($"MACP_STRICT_RECOVERY is set, and something of the histories could not be taken up: {fault}");
        readiness.Start();
    }

    void OnFault(string sessionId, Exception exception)
    {
        _fault ??= sessionId.Length == 0 ? exception.Message : $"session '{sessionId}': {exception.Message}";
        if (sessionId.Length == 0) LogFault(logger, exception);
        else LogFault(logger, sessionId, exception);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "Session '{SessionId}' could not take a message; nothing of it was kept")]
    static partial void LogFault(ILogger logger, string sessionId, Exception exception);

    [LoggerMessage(EventId = 5, Level = LogLevel.Error, Message = "Something that belongs to no session failed; the runtime goes on without it")]
    static partial void LogFault(ILogger logger, Exception exception);
}
