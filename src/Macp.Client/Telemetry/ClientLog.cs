using Microsoft.Extensions.Logging;

namespace Macp.Client;

/// <summary>What a client writes to the log. The ids are stable and stand in docs/client-telemetry.md. Neither tokens nor payloads nor a runtime's sentences, which may quote one, are told.</summary>
static partial class ClientLog
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The connection to {Host}:{Port} is plaintext: whoever is on the way reads the tokens")]
    public static partial void Plaintext(this ILogger log, string host, int port);

    [LoggerMessage(EventId = 2, Level = LogLevel.Debug, Message = "{Method}: {Outcome}. {MessageType} '{MessageId}' of session '{SessionId}'")]
    public static partial void Answered(this ILogger log, string method, string outcome, string messageType, string messageId, string sessionId);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "{Method}: refused with {Code}. {MessageType} '{MessageId}' of session '{SessionId}'")]
    public static partial void Refused(this ILogger log, string method, string code, string messageType, string messageId, string sessionId);

    [LoggerMessage(EventId = 4, Level = LogLevel.Warning, Message = "{Method}: failed with {Status}")]
    public static partial void Failed(this ILogger log, string method, string status);

    [LoggerMessage(EventId = 5, Level = LogLevel.Information, Message = "{Method}: retry {Retry} in {Wait}, after {Reason}")]
    public static partial void Retrying(this ILogger log, string method, int retry, TimeSpan wait, string reason);

    [LoggerMessage(EventId = 6, Level = LogLevel.Information, Message = "The stream of '{Subject}' broke with {Reason}; it is opened again in {Wait}")]
    public static partial void Reconnecting(this ILogger log, string subject, string reason, TimeSpan wait);

    [LoggerMessage(EventId = 7, Level = LogLevel.Information, Message = "{Method}: the token was refused; once more with a new one")]
    public static partial void TokenRenewed(this ILogger log, string method);

    [LoggerMessage(EventId = 8, Level = LogLevel.Warning, Message = "A token could not be fetched: {Exception}. The one at hand is used as long as it is valid")]
    public static partial void TokenNotFetched(this ILogger log, string exception);

    [LoggerMessage(EventId = 9, Level = LogLevel.Debug, Message = "Negotiated protocol {Version} with runtime '{Runtime}' {RuntimeVersion}")]
    public static partial void Negotiated(this ILogger log, string version, string runtime, string runtimeVersion);

    [LoggerMessage(EventId = 10, Level = LogLevel.Debug, Message = "{Method}: the stream is open")]
    public static partial void StreamOpened(this ILogger log, string method);

    [LoggerMessage(EventId = 11, Level = LogLevel.Debug, Message = "{Method}: the stream ended with {Status}")]
    public static partial void StreamEnded(this ILogger log, string method, string status);
}
