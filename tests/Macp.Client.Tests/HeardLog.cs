using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Macp.Client.Tests;

/// <summary>A log that remembers.</summary>
sealed class HeardLog : ILoggerFactory
{
    public ConcurrentQueue<(string Category, int Id, LogLevel Level, string Text)> Entries { get; } = [];

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void AddProvider(ILoggerProvider provider) { }

    public void Dispose() { }

    sealed class Category(HeardLog log, string name) : ILogger
    {
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Entries.Enqueue((name, eventId.Id, logLevel, formatter(state, exception)));

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
    }
}
