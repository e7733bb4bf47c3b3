namespace Macp.Runtime;

/// <summary>Copies the files of a journal, segment by segment in their order, and reads what the copy came to.</summary>
sealed class JournalCopy(IJournalFolder source, IJournalFolder target, CancellationToken cancellationToken)
{
    readonly byte[] _chunk = new byte[1024 * 1024];

    /// <summary>Copies a journal to which another process may be appending. When this returns, the copy is durable, but for the name of its folder.</summary>
    public static JournalBackup Make(IJournalFolder source, IJournalFolder target, CancellationToken cancellationToken)
    {
        var copy = new JournalCopy(source, target, cancellationToken);
        copy.CopyAll();
        return copy.Verify();
    }

    void CopyAll()
    {
        // What was acknowledged by now stands in these. Later ones are left to the next backup, else one could go on for ever.
        var names = source.List();
        long[] segments = [.. names.Select(SegmentWriter.NumberOf).OfType<long>().Order()];
        long last = segments.Concat(names.Select(SegmentIndex.RemovedNumberOf).OfType<long>()).DefaultIfEmpty().Max();
        var copied = segments.Where(segment => TryCopy(SegmentWriter.NameOf(segment))).ToHashSet();
        // Asked again: those that retention has removed meanwhile have left their ids.
        foreach (long removed in source.List().Select(SegmentIndex.RemovedNumberOf).OfType<long>().Where(removed => removed <= last && !copied.Contains(removed)).Order())
            TryCopy(SegmentIndex.NameOfRemoved(removed));
        target.Sync();
    }

    /// <summary>Copies what a file has by now; false when it is not there any more.</summary>
    bool TryCopy(string name)
    {
        IJournalFile from;
        try
        {
            from = source.Open(name);
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        using var opened = from;
        using var to = target.Create(name);
        for (long offset = 0, length = from.Length; offset < length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int read = from.Read(offset, _chunk.AsSpan(0, (int)Math.Min(_chunk.Length, length - offset)));
            // Cut meanwhile, where a write had failed.
            if (read == 0) break;
            to.Write(offset, _chunk.AsSpan(0, read));
            offset += read;
        }
        to.Sync();
        return true;
    }

    /// <summary>Reads the copy, every byte of it, and cuts from its end what was only being written. A segment that is in neither form is found missing.</summary>
    JournalBackup Verify()
    {
        var reader = new JournalReader(target);
        foreach (var _ in reader.ReadAll()) cancellationToken.ThrowIfCancellationRequested();
        var copied = reader.Extent;
        foreach (var torn in reader.Faults.Where(fault => fault.IsTorn))
        {
            JournalRecovery.Cut(target, torn);
            copied = copied with { Segments = copied.Segments - (torn.Offset == 0 ? 1 : 0), Bytes = copied.Bytes - torn.Bytes };
        }
        return new(copied, reader.Faults);
    }
}
