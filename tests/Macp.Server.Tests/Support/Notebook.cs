using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Macp.Server.Tests;

/// <summary>Keeps what a host writes to its log.</summary>
sealed class Notebook : ILoggerProvider, ILogger
{
    readonly ConcurrentQueue<(int Id, string Text)> _notes = [];

    public (int Id, string Text)[] Notes => [.. _notes];

    public Action<IServiceCollection> Opened => services => services.AddSingleton<ILoggerProvider>(this);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _notes.Enqueue((eventId.Id, formatter(state, exception)));

    public void Dispose() { }
}
