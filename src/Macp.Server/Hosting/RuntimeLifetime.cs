using Macp.Runtime;
using Macp.Server.Authentication;
using Macp.Server.Health;
using Macp.Server.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Macp.Server.Hosting;

/// <summary>
/// Starts the runtime with the application, and writes its faults to the log. What is wrong with the configuration is found before anything listens; the
/// histories are read when everything does, so that whoever asks is told that the runtime is starting.
/// </summary>
sealed class RuntimeLifetime(
    IServiceProvider services, MacpServerOptions options, IAuthenticator authenticator, Readiness readiness, IHostApplicationLifetime application, ILogger<RuntimeLifetime> logger)
    : IHostedLifecycleService
{
    CancellationTokenRegistration _stopping;
    string? _fault;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        // What this was made with has been read by now. The authorizer is asked for too: one that cannot be made ends the start, and not each call.
        _ = services.GetService<IAuthorizer>();
        _stopping = application.ApplicationStopping.Register(readiness.Stop);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // On a thread of its own: it may read for long, and others' hosted services wait for none of it.
    public Task StartedAsync(CancellationToken cancellationToken) => Task.Run(Serve, cancellationToken);

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        readiness.Stop();
        logger.Stops(options.ShutdownDrain);
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
        logger.Serves(runtime.TakenUp);
        if (authenticator is DevelopmentAuthenticator development) Tell(development);
    }

    void Tell(DevelopmentAuthenticator development)
    {
        if (development.IsForAll) logger.TakesAnyNameFromAnywhere();
        else logger.TakesAnyName();
    }

    void OnFault(string sessionId, Exception exception)
    {
        _fault ??= sessionId.Length == 0 ? exception.Message : $"session '{sessionId}': {exception.Message}";
        if (sessionId.Length == 0) logger.RuntimeFailed(exception);
        else logger.SessionFailed(LogText.Of(sessionId), exception);
    }
}
