using Microsoft.Extensions.Logging;

namespace Macp.Server.Telemetry;

/// <summary>
/// Bounds the warnings and errors of each category in a log: Kestrel warns of each connection that breaks its protocol in some ways, with the stack, and a connection
/// costs its client nothing; a full disk fails every message. Those about callers are bounded by event, where they are written.
/// </summary>
sealed partial class BoundedLog(ILoggerProvider log, TimeProvider time) : ILoggerProvider
{
    static readonly string BoundByEvent = typeof(SecurityLog).FullName!;

    public ILogger CreateLogger(string categoryName)
    {
        var logger = log.CreateLogger(categoryName);
        return categoryName == BoundByEvent ? logger : new Bounded(logger, new(28, time));
    }

    public void Dispose() => log.Dispose();

    [LoggerMessage(EventId = 28, Level = LogLevel.Warning, Message = "{LeftOut} entries of this category were not written: there were too many")]
    static partial void LogLeftOut(ILogger logger, int leftOut);

    sealed class Bounded(ILogger logger, LogAllowance allowance) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => logger.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            // What is below a warning is written for whoever has asked for it.
            if (logLevel >= LogLevel.Warning)
            {
                if (!allowance.TryTake(out int leftOut)) return;
                if (leftOut > 0) LogLeftOut(logger, leftOut);
            }
            logger.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
