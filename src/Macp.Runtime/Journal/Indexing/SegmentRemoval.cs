namespace Macp.Runtime;

/// <summary>
/// Takes a segment away for good. What stays of it is made durable first, so that a crash in between leaves a segment that is removed, and files that go at
/// the next start.
/// </summary>
static class SegmentRemoval
{
    /// <summary>Removes a segment of whose sessions nothing is kept any more but their ids; answers what stays.</summary>
    /// <exception cref="IOException">Nothing was removed.</exception>
    public static SegmentIndex? Remove(IJournalFolder folder, long segment)
    {
        if (SegmentIndex.TryOpen(folder, segment, isRemoved: false, out var head) is not { } index) return null;
        var rest = index.WriteRemoved(head);
        Finish(folder, segment);
        return rest;
    }

    /// <summary>Deletes the files of a segment that is removed.</summary>
    public static void Finish(IJournalFolder folder, long segment)
    {
        var names = folder.List();
        string[] left = [.. new[] { SegmentWriter.NameOf(segment), SegmentIndex.NameOf(segment) }.Where(names.Contains)];
        foreach (string name in left) folder.Delete(name);
        if (left.Length > 0) folder.Sync();
    }
}
