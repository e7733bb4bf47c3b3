using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Macp.Server.Tests.Fuzzing;

/// <summary>Listens to a host's log for what must not stand there: errors, and exceptions of any weight from a warning on.</summary>
sealed class Alarm : ILoggerProvider
{
    readonly ConcurrentQueue<string> _heard = [];

    public string[] Heard => [.. _heard];

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _heard);

    public void Dispose() { }

    sealed class Logger(string category, ConcurrentQueue<string> heard) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Warning && IsOfKestrels(exception)) return;
            if (logLevel >= LogLevel.Error || (exception is not null && IsEnabled(logLevel))) heard.Enqueue($"{logLevel} of {category}: {formatter(state, exception)} {exception}");
        }

        // Kestrel's reading of HTTP/2 throws on some indexes and lengths that there are none of; it costs whoever sends them the connection, and nobody else anything.
        bool IsOfKestrels(Exception? exception) => category == "Microsoft.AspNetCore.Server.Kestrel"
            && exception is IndexOutOfRangeException or ArgumentOutOfRangeException && exception.StackTrace?.Contains(" Macp.", StringComparison.Ordinal) is false;
    }
}
