namespace Macp.Runtime;

/// <summary>
/// Takes a segment away for good. What stays of it is made durable first, so that a crash in between leaves a segment that is removed, and files that go at
/// the next start.
/// </summary>
static class SegmentRemoval
{
    /// <summary>Removes a segment of whose sessions nothing is kept any more but their ids; answers what stays, null when its index cannot be read.</summary>
    /// <param name="folder">The journal's folder.</param>
    /// <param name="segment">The segment's number.</param>
    /// <param name="removed">Told what stays before the files go, so that nobody looks for them any more; null for nobody.</param>
    /// <exception cref="IOException">It is not removed, or its files go at the next start.</exception>
    public static SegmentIndex? Remove(IJournalFolder folder, long segment, Action<SegmentIndex>? removed = null)
    {
        if (SegmentIndex.TryOpen(folder, segment, isRemoved: false, out var head) is not { } index) return null;
        var rest = index.WriteRemoved(head);
        removed?.Invoke(rest);
        Finish(folder, segment, folder.List());
        return rest;
    }

    /// <summary>Deletes the files of a segment that is removed.</summary>
    /// <param name="folder">The journal's folder.</param>
    /// <param name="segment">The segment's number.</param>
    /// <param name="names">The files that there are.</param>
    public static void Finish(IJournalFolder folder, long segment, IReadOnlyCollection<string> names)
    {
        string[] left = [.. new[] { SegmentWriter.NameOf(segment), SegmentIndex.NameOf(segment) }.Where(names.Contains)];
        foreach (string name in left) folder.Delete(name);
        if (left.Length > 0) folder.Sync();
    }
}
