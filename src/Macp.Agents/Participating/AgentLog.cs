using Microsoft.Extensions.Logging;

namespace Macp.Agents;

/// <summary>What participants write to the log. The ids are stable.</summary>
static partial class AgentLog
{
    [LoggerMessage(EventId = 60, Level = LogLevel.Information, Message = "'{Participant}' takes part in session {SessionId} of {Mode}")]
    public static partial void TakesPart(this ILogger logger, string participant, string sessionId, string mode);

    [LoggerMessage(EventId = 61, Level = LogLevel.Information, Message = "'{Participant}' has left session {SessionId}, which is {State}")]
    public static partial void HasLeft(this ILogger logger, string participant, string sessionId, Wire.V1.SessionState state);

    [LoggerMessage(EventId = 62, Level = LogLevel.Warning, Message = "A handler of '{Participant}' failed at {MessageType} '{MessageId}'; it goes on")]
    public static partial void GoesOn(this ILogger logger, Exception failure, string participant, string messageType, string messageId);

    [LoggerMessage(EventId = 63, Level = LogLevel.Information, Message = "'{Participant}' is asked to cancel session {SessionId}")]
    public static partial void IsCancelled(this ILogger logger, string participant, string sessionId);

    [LoggerMessage(EventId = 64, Level = LogLevel.Error, Message = "The cancel callback failed")]
    public static partial void CallbackFailed(this ILogger logger, Exception failure);

    [LoggerMessage(EventId = 65, Level = LogLevel.Debug, Message = "'{Participant}' does not commit yet: {Reason}")]
    public static partial void NotYet(this ILogger logger, string participant, string reason);

    [LoggerMessage(EventId = 66, Level = LogLevel.Information, Message = "'{Participant}' did not get task '{TaskId}': {Reason}")]
    public static partial void TaskIsTaken(this ILogger logger, string participant, string taskId, string reason);
}
