namespace Macp.Runtime;

/// <summary>Where sessions keep their histories, and registries their changes: in memory, or in a journal.</summary>
public interface IHistory
{
    /// <summary>An empty history for a new session.</summary>
    ISessionHistory Create(string sessionId);

    /// <summary>The sessions that an earlier process left and that have not ended, in no order. Asked once, when the runtime starts.</summary>
    IReadOnlyList<ISessionHistory> Stored => [];

    /// <summary>
    /// Whether a session that has ended used this id (decisions 23): one of which <see cref="ISessionHistory.CanBeRecalled"/> said so, that an earlier process
    /// left, or that was removed. Of those that a runtime holds it need not say so.
    /// </summary>
    bool Knows(string sessionId) => false;

    /// <summary>
    /// The history of a session that has ended and that <see cref="Knows"/> is known, read anew; null when it was removed. One that cannot be read to its end
    /// is <see cref="ISessionHistory.IsReadOnly"/>.
    /// </summary>
    /// <exception cref="Exception">It cannot be read now.</exception>
    ValueTask<ISessionHistory?> RecallAsync(string sessionId, CancellationToken cancellationToken) => default;

    /// <summary>The ids of the sessions that can be recalled, in ordinal order, after this one. Those that the runtime holds may be among them.</summary>
    /// <param name="reader">Who may read them, besides observers (decisions 24); null for all.</param>
    /// <param name="afterId">The id after which to begin.</param>
    IEnumerable<string> FinishedAfter(string? reader, string afterId) => [];

    /// <summary>
    /// Removes for good the sessions that ended before this time, in Unix milliseconds, as far as they can be recalled; their ids stay. What cannot be removed
    /// now is removed when this is called again.
    /// </summary>
    void RemoveFinishedBefore(long unixMs)
    {
    }

    /// <summary>The changes of the registries that an earlier process left, in the order in which they were made. Asked once, when the runtime starts.</summary>
    IReadOnlyList<RegistryChange> StoredChanges => [];

    /// <summary>
    /// Appends a change of a registry. Completes when it is durable; fails when it was lost, and then nothing of it is kept. The next is appended when
    /// that is known. Where histories live as long as the process, it is durable at once.
    /// </summary>
    /// <exception cref="Exception">The change was lost.</exception>
    ValueTask AppendAsync(RegistryChange change) => ValueTask.CompletedTask;
}

/// <summary>
/// The history of one session. One writer, under the session's lock, and any number of readers, who see durable records only and take no
/// lock. Positions count records from 0, annotations included.
/// </summary>
public interface ISessionHistory
{
    /// <summary>Whether it takes no more records: some may be missing, and what they said cannot be known. It is never asked to append then.</summary>
    bool IsReadOnly => false;

    /// <summary>Whether <see cref="IHistory.RecallAsync"/> finds it by now, once it has ended: it need not be held in memory any longer.</summary>
    bool CanBeRecalled => false;

    /// <summary>
    /// Adds a record and returns at once, with a ticket. Tickets of a session grow and are never used again, whatever was lost. That a record
    /// is lost is told by <see cref="WhenDurable"/>; then whatever is appended after it is lost too, until <see cref="DropLost"/>.
    /// </summary>
    long Append(HistoryRecord record);

    /// <summary>
    /// Completes when the record of this ticket is durable, and with it every one before it that was not dropped; fails when it was lost, not before
    /// it is certain what became of all that was appended earlier. May be asked any number of times, also after the loss was dropped.
    /// </summary>
    /// <exception cref="Exception">The record was lost.</exception>
    ValueTask WhenDurable(long ticket);

    /// <summary>Writer only: forgets what was lost, so that the session may go on from what is durable.</summary>
    void DropLost();

    /// <summary>Writer only: everything appended and not dropped, durable or not yet.</summary>
    IEnumerable<HistoryRecord> ReadAll();

    /// <summary>The position right after the message with this ordinal, or the end when there is no such message yet.</summary>
    ValueTask<long> SeekAsync(long ordinal, CancellationToken cancellationToken);

    /// <summary>Copies durable records from a position on; answers how many, 0 when there are none yet.</summary>
    ValueTask<int> ReadAsync(long position, Memory<HistoryRecord> into, CancellationToken cancellationToken);
}
