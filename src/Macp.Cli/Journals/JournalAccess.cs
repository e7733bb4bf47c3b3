using Macp.Runtime;

namespace Macp.Cli.Journals;

/// <summary>The folder of a journal cannot be used. Told apart from an output that cannot be written, which is another's fault.</summary>
sealed class UnusableJournalException(Exception reason) : Exception(reason.Message, reason);

/// <summary>Reads the folder of a journal for a command.</summary>
static class JournalAccess
{
    /// <exception cref="UnusableJournalException">A folder cannot be used.</exception>
    public static T Use<T>(Func<T> use)
    {
        try
        {
            return use();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new UnusableJournalException(e);
        }
    }

    /// <summary>The sessions, as <see cref="JournalArchive.ReadSessions"/> has them.</summary>
    /// <exception cref="UnusableJournalException">The folder cannot be used.</exception>
    public static IEnumerable<ArchivedSession> Sessions(JournalArchive archive)
    {
        using var sessions = archive.ReadSessions().GetEnumerator();
        while (Use(sessions.MoveNext)) yield return sessions.Current;
    }

    /// <summary>How many places are damaged; null when none is. A torn end is none: nobody was told that it was kept.</summary>
    public static string? DamageOf(IReadOnlyList<JournalFault> faults) => faults.Count(fault => !fault.IsTorn) switch
    {
        0 => null,
        1 => "1 place of the journal is damaged",
        var several => $"{several} places of the journal are damaged",
    };
}
