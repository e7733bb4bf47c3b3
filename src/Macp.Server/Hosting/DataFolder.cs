using Macp.Runtime;
using Microsoft.Extensions.Logging;

namespace Macp.Server.Hosting;

/// <summary>Opens the journal in a data folder, and writes to the log what of it could not be read.</summary>
static partial class DataFolder
{
    /// <exception cref="MacpConfigurationException">The folder cannot be used.</exception>
    public static JournalHistory Open(string folder, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger("Macp.Server.Journal");
        try
        {
            var history = JournalHistory.Open(folder, new() { Failed = fault => LogFault(logger, fault), Damaged = Log });
            foreach (var fault in history.Faults) Log(fault);
            return history;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new MacpConfigurationException($"the data folder '{folder}' cannot be used: {e.Message}");
        }

        void Log(JournalFault fault)
        {
            if (fault.IsTorn) LogTorn(logger, folder, fault.Segment, fault.Offset, fault.Bytes, fault.Reason);
            else LogDamage(logger, folder, fault.Segment, fault.Offset, fault.Bytes, fault.Reason);
        }
    }

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "The journal could not be written; nothing of it was acknowledged, and it is tried again with what comes next")]
    static partial void LogFault(ILogger logger, Exception fault);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "Journal '{Folder}', segment {Segment} at byte {Offset}: {Bytes} bytes dropped: {Reason}")]
    static partial void LogTorn(ILogger logger, string folder, long segment, long offset, long bytes, string reason);

    [LoggerMessage(EventId = 4, Level = LogLevel.Error, Message = "Journal '{Folder}', segment {Segment} at byte {Offset}: {Bytes} bytes cannot be read: {Reason}. Sessions that may have lost something take no more messages")]
    static partial void LogDamage(ILogger logger, string folder, long segment, long offset, long bytes, string reason);
}
