using Microsoft.Extensions.Logging;

namespace Macp.Server.Telemetry;

/// <summary>The entries of the log about the runtime itself: that it serves, how, and what has failed in it. Their ids are stable.</summary>
static partial class LifetimeLog
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "Session '{SessionId}' could not take a message; nothing of it was kept")]
    public static partial void SessionFailed(this ILogger logger, string sessionId, Exception exception);

    [LoggerMessage(EventId = 5, Level = LogLevel.Error, Message = "Something that belongs to no session failed; the runtime goes on without it")]
    public static partial void RuntimeFailed(this ILogger logger, Exception exception);

    [LoggerMessage(EventId = 10, Level = LogLevel.Information, Message = "The runtime serves; {Sessions} sessions of earlier go on")]
    public static partial void Serves(this ILogger logger, int sessions);

    [LoggerMessage(EventId = 11, Level = LogLevel.Information, Message = "The runtime stops: streams end, and other calls have {Drain} to")]
    public static partial void Stops(this ILogger logger, TimeSpan drain);

    [LoggerMessage(EventId = 12, Level = LogLevel.Information, Message = "Development identity, for callers on this machine: whatever token a caller brings is its name")]
    public static partial void TakesAnyName(this ILogger logger);

    [LoggerMessage(EventId = 13, Level = LogLevel.Warning, Message = "Development identity, for callers on every machine: everybody who reaches the address may be anybody")]
    public static partial void TakesAnyNameFromAnywhere(this ILogger logger);

    [LoggerMessage(EventId = 14, Level = LogLevel.Warning, Message = "Without TLS: tokens travel in the clear to {Address}")]
    public static partial void ServesInTheClear(this ILogger logger, string address);

    [LoggerMessage(EventId = 15, Level = LogLevel.Information, Message = "The certificate in {File} has changed; connections from now on are served with it")]
    public static partial void RenewedCertificate(this ILogger logger, string file);

    [LoggerMessage(EventId = 16, Level = LogLevel.Warning, Message = "The files of TLS cannot be used as they are now; connections are served as before: {Reason}")]
    public static partial void CannotRenewCertificate(this ILogger logger, string reason);
}
