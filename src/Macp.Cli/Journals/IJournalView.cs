using Macp.Runtime;

namespace Macp.Cli.Journals;

/// <summary>How a journal is shown: to people, or to scripts.</summary>
interface IJournalView
{
    /// <summary>Before the sessions of a list.</summary>
    Task BeginAsync();

    /// <summary>A session of a list.</summary>
    Task ListAsync(ArchivedSession session);

    /// <summary>After a list: what the journal was found to be.</summary>
    Task EndAsync(JournalExtent read, IReadOnlyList<JournalFault> faults);

    /// <summary>One session, with its history.</summary>
    Task ShowAsync(ArchivedSession session);
}
