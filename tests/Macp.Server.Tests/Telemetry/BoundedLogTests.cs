using Macp.Server.Hosting;
using Macp.Server.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Macp.Server.Tests;

/// <summary>How much is written to the log of what anybody who connects, or a disk that is full, can cause.</summary>
public sealed class BoundedLogTests
{
    static readonly Action<ILogger, LogLevel> Write = (logger, level) => logger.Log(level, 60, "broken", null, (text, _) => text);

    readonly Notebook _notebook = new();
    readonly ManualTime _time = new();

    [Theory]
    [InlineData("Microsoft.AspNetCore.Server.Kestrel.Http2"), InlineData("Macp.Grpc"), InlineData("Macp.Server.Hosting.RuntimeLifetime"), InlineData("Macp.Server.Journal")]
    public void Of_warnings_and_errors_of_a_category_only_so_many_are_written_and_how_many_were_not(string category)
    {
        using var log = new BoundedLog(_notebook, _time);
        var logger = log.CreateLogger(category);
        for (int i = 0; i < LogAllowance.Entries + 5; i++) Write(logger, i % 2 == 0 ? LogLevel.Critical : LogLevel.Warning);
        Assert.Equal(LogAllowance.Entries, _notebook.Notes.Length);

        _time.Advance(LogAllowance.Window);
        Write(logger, LogLevel.Warning);
        Assert.Equal([(28, "5 entries of this category were not written: there were too many"), (60, "broken")], _notebook.Notes[^2..]);
    }

    [Theory]
    [InlineData("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Debug), InlineData("Macp.Server.Telemetry.SecurityLog", LogLevel.Warning)]
    public void What_was_asked_for_and_what_is_bound_by_event_is_written_whole(string category, LogLevel level)
    {
        using var log = new BoundedLog(_notebook, _time);
        for (int i = 0; i < LogAllowance.Entries + 5; i++) Write(log.CreateLogger(category), level);
        Assert.Equal(LogAllowance.Entries + 5, _notebook.Notes.Length);
    }

    [Fact]
    public void A_server_of_its_own_has_no_other_log()
    {
        using var services = new ServiceCollection().AddLogging(logging => logging.AddServerLog(new())).BuildServiceProvider();
        Assert.IsType<BoundedLog>(Assert.Single(services.GetServices<ILoggerProvider>()));
    }
}
