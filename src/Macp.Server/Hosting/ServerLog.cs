using Macp.Server.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Macp.Server.Hosting;

/// <summary>The log of a server of its own: lines on the standard error, of text or of JSON, with their times in UTC.</summary>
static class ServerLog
{
    const string Time = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";

    public static ILoggingBuilder AddServerLog(this ILoggingBuilder logging, MacpServerOptions options)
    {
        logging.SetMinimumLevel(options.LogLevel)
            .AddFilter("Microsoft", options.LogLevel is LogLevel.Information ? LogLevel.Warning : options.LogLevel)
            // It would make an Activity of each request just to have its id in logs that are never written; listeners to traces get theirs all the same.
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None)
            // Whoever starts the host gets the exception.
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        logging.AddConsole(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            console.FormatterName = options.LogsJson ? ConsoleFormatterNames.Json : ConsoleFormatterNames.Simple;
        });
        logging.Services.RemoveAll<ILoggerProvider>();
        logging.Services.AddSingleton<ConsoleLoggerProvider>();
        logging.Services.AddSingleton<ILoggerProvider>(provider => new BoundedLog(provider.GetRequiredService<ConsoleLoggerProvider>(), TimeProvider.System));
        logging.Services.Configure<SimpleConsoleFormatterOptions>(text => (text.SingleLine, text.TimestampFormat, text.UseUtcTimestamp, text.ColorBehavior) = (true, Time, true, LoggerColorBehavior.Disabled));
        logging.Services.Configure<JsonConsoleFormatterOptions>(json => (json.TimestampFormat, json.UseUtcTimestamp) = (Time.TrimEnd(), true));
        return logging;
    }
}
