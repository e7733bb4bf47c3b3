using Macp.Runtime;
using Microsoft.Extensions.Logging;

namespace Macp.Server.Hosting;

/// <summary>Opens the journal in a data folder, and writes to the log what of it could not be read.</summary>
static partial class DataFolder
{
    /// <param name="folder">The folder.</param>
    /// <param name="isStrict">Whether damage is a reason not to open it. What a crash has left unfinished, and nobody was told to be stored, is none.</param>
    /// <param name="loggers">Where damage is told.</param>
    /// <exception cref="MacpConfigurationException">The folder cannot be used.</exception>
    public static JournalHistory Open(string folder, bool isStrict, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger("Macp.Server.Journal");
        try
        {
            var history = JournalHistory.Open(folder, new() { Failed = fault => LogFault(logger, fault), Damaged = Log });
            foreach (var fault in history.Faults) Log(fault);
            if (!isStrict || history.Faults.FirstOrDefault(fault => !fault.IsTorn) is not { } damage) return history;

            history.Dispose();
            throw new InvalidDataException($"segment {damage.Segment} cannot be read at byte {damage.Offset}: {damage.Reason}. Without MACP_STRICT_RECOVERY=1 the rest of it is served");
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
