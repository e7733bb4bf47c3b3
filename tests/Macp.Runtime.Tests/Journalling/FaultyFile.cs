namespace Macp.Runtime.Tests;

/// <summary>A file as programs see it, and what of it a crash leaves.</summary>
sealed class FaultyFile(byte[] bytes)
{
    readonly List<Change> _unsynced = [];
    List<byte> _durable = [.. bytes];

    /// <summary>As programs see it.</summary>
    public List<byte> Cached { get; } = [.. bytes];

    /// <summary>Changes it in the cache.</summary>
    public bool Change(Change change)
    {
        change.ApplyTo(Cached);
        _unsynced.Add(change);
        return true;
    }

    /// <summary>
    /// Makes durable what was changed, or a share of it. What was not is forgotten then, as systems do after a failed sync: the next one succeeds, and
    /// says nothing of what this one lost, which programs go on to see.
    /// </summary>
    public bool Sync(double share, Random random)
    {
        foreach (var change in _unsynced)
            if (share == 1) change.ApplyTo(_durable);
            else if (share > 0) change.PartOf(random)?.ApplyTo(_durable);
        _unsynced.Clear();
        return true;
    }

    /// <summary>What a crash leaves.</summary>
    public byte[] AfterCrash(CacheLoss loss, Random random)
    {
        List<byte> left = [.. _durable];
        foreach (var change in _unsynced)
            if (loss is CacheLoss.None) change.ApplyTo(left);
            else if (loss is CacheLoss.Some) change.PartOf(random)?.ApplyTo(left);
        return [.. left];
    }
}

/// <summary>Bytes written at an offset; null where the file is cut there.</summary>
readonly record struct Change(int Offset, byte[]? Bytes)
{
    public void ApplyTo(List<byte> file)
    {
        if (Bytes is null && Offset < file.Count) file.RemoveRange(Offset, file.Count - Offset);
        int end = Offset + (Bytes?.Length ?? 0);
        // A file grows by zeros, before what stands there is written.
        while (file.Count < end) file.Add(0);
        for (int i = 0; i < Bytes?.Length; i++) file[Offset + i] = Bytes[i];
    }

    /// <summary>Nothing of it, or all, or the beginning, or the end behind zeros.</summary>
    public Change? PartOf(Random random)
    {
        if (Bytes is null) return random.Next(2) == 0 ? this : null;
        int middle = random.Next(Bytes.Length + 1);
        return random.Next(4) switch
        {
            0 => null,
            1 => this,
            2 => this with { Bytes = Bytes[..middle] },
            _ => new Change(Offset + middle, Bytes[middle..]),
        };
    }
}
