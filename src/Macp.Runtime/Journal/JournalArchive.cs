using Macp.Wire.Journal.V1;

namespace Macp.Runtime;

/// <summary>
/// A journal as it stands on a disk, to be looked at. It is read and nothing else, so that it may belong to a process that is appending: what that is
/// just writing is then a torn end. Batches that are not acknowledged yet may be among what is read.
/// </summary>
public sealed class JournalArchive
{
    readonly IJournalFolder _folder;
    JournalReader _reader;
    List<RegistryChange> _changes = [];

    JournalArchive(IJournalFolder folder) => (_folder, _reader) = (folder, new(folder));

    /// <summary>What could not be read, by the last <see cref="ReadSessions"/>: all of it when that has come to its end, before that what it has met so far.</summary>
    public IReadOnlyList<JournalFault> Faults => _reader.Faults;

    /// <summary>The changes of the registries, in the order in which they were made, that the last <see cref="ReadSessions"/> has met so far.</summary>
    public IReadOnlyList<RegistryChange> Changes => _changes;

    /// <summary>How much has been read, by the last <see cref="ReadSessions"/>.</summary>
    public JournalExtent Extent => _reader.Extent;

    /// <summary>Opens the journal in a folder, without owning it.</summary>
    /// <exception cref="IOException">There is no such folder, or it cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    /// <exception cref="InvalidDataException">It is not the folder of a journal.</exception>
    public static JournalArchive Open(string folder) => new(FolderOf(folder));

    internal static JournalArchive Open(IJournalFolder folder) => new(folder);

    /// <summary>A folder to be read only, once it looks like one of a journal: also an empty one, of a process to which nobody has said anything yet.</summary>
    internal static IJournalFolder FolderOf(string folder)
    {
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"there is no folder '{folder}'");
        var disk = new DiskFolder(folder, FileAccess.Read);
        return disk.List().Any(name => name == FolderOwnership.FileName || SegmentWriter.NumberOf(name) is not null || SegmentIndex.RemovedNumberOf(name) is not null)
            ? disk
            : throw new InvalidDataException($"there is no journal in the folder '{folder}'");
    }

    /// <summary>
    /// Reads the journal from its beginning. A session comes as soon as its end was read; those that have not ended come last, in the order of their
    /// starts. So it takes memory for a segment and for the sessions that are open at one time, however long the journal is. What a retention policy
    /// removed is not there, and no fault; but a segment that is removed while this goes on is one.
    /// </summary>
    /// <exception cref="IOException">The disk fails.</exception>
    /// <exception cref="InvalidDataException">A segment was written by another version of the format.</exception>
    public IEnumerable<ArchivedSession> ReadSessions()
    {
        var reader = _reader = new(_folder);
        var changes = _changes = [];
        var open = new Dictionary<ulong, StoredSession>();
        int faults = 0, gaps = 0;
        foreach (var entry in reader.ReadAll(Forget))
        {
            if (reader.Gaps > gaps) Suspect(open.Values);
            (faults, gaps) = (reader.Faults.Count, reader.Gaps);
            if (RegistryCodec.Read(entry) is { } change) changes.Add(change);
            if (entry.WhatCase is not Entry.WhatOneofCase.Session) continue;
            var record = entry.Session;
            if (record is { Start: not null, Position: 0 }) open[record.Session] = new((long)record.Session);
            // Without its start, which is damaged or was removed, nobody knows what session this is of.
            if (!open.TryGetValue(record.Session, out var session)) continue;
            session.Add(record);
            if (HistoryRecord.Ends(record.MessageType) && open.Remove(record.Session)) yield return ArchivedSession.Of(session);
        }
        if (reader.Faults.Skip(faults).Any(fault => !fault.IsTorn)) Suspect(open.Values);
        foreach (var session in open.Values.OrderBy(session => session.Number)) yield return ArchivedSession.Of(session);

        // A segment goes when all that had records in it are removed: what stands of them in others was only left over.
        void Forget(IndexHead removed)
        {
            foreach (ulong session in removed.Finished.Concat(removed.Unfinished)) open.Remove(session);
        }
    }

    static void Suspect(IEnumerable<StoredSession> open)
    {
        foreach (var session in open) session.Suspect();
    }
}
