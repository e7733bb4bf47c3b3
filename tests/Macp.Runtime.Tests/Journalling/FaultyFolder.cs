namespace Macp.Runtime.Tests;

/// <summary>
/// A folder whose disk has a cache that a crash loses: what was written, or named, and not synced since is there afterwards in whole, in part or not at
/// all. Each operation is numbered, and any can be made to fail.
/// </summary>
sealed class FaultyFolder(int seed = 0) : IJournalFolder
{
    readonly Lock _gate = new();
    readonly Random _random = new(seed);
    readonly Dictionary<string, FaultyFile> _durable = [], _cached = [];

    Func<int, FileOperation, FileFault?>? _plan;

    /// <summary>How many operations there were since the last plan.</summary>
    public int Operations { get; private set; }

    /// <summary>How many bytes were ever read.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Says how an operation fails, by its number from now on, from 1; null when it does not.</summary>
    public Func<int, FileOperation, FileFault?>? Plan
    {
        set
        {
            lock (_gate) (_plan, Operations) = (value, 0);
        }
    }

    /// <summary>What is in a file, as programs see it.</summary>
    public byte[] this[string name]
    {
        get
        {
            lock (_gate) return [.. _cached[name].Cached];
        }
        set
        {
            lock (_gate) _cached[name] = _durable[name] = new(value);
        }
    }

    public IReadOnlyList<string> List() => Do(FileOperation.List, _ => (IReadOnlyList<string>)[.. _cached.Keys]);

    public IJournalFile Create(string name) => Do(FileOperation.Create, part =>
    {
        if (!part.IsNothing && !_cached.TryAdd(name, new([]))) throw new IOException($"{name} is there");
        return Handle(name);
    });

    public IJournalFile Open(string name) => Do(FileOperation.Open, _ => Handle(name));

    public void Delete(string name) => Do(FileOperation.Delete, part => part.IsNothing || _cached.Remove(name));

    public void Sync() => Do(FileOperation.SyncFolder, part =>
    {
        foreach (string name in _cached.Keys.Union(_durable.Keys).ToArray())
            if (part.IsWhole || (!part.IsNothing && _random.Next(2) == 0)) Take(name, _cached, _durable);
        return true;
    });

    /// <summary>The disk after a crash, with as much of its cache as is said.</summary>
    public FaultyFolder Crash(CacheLoss loss)
    {
        lock (_gate)
        {
            var after = new FaultyFolder(_random.Next());
            foreach (string name in _cached.Keys.Union(_durable.Keys))
            {
                bool isNamed = loss is CacheLoss.None || (loss is CacheLoss.Some && _random.Next(2) == 0);
                if ((isNamed ? _cached : _durable).GetValueOrDefault(name) is { } file) after[name] = file.AfterCrash(loss, _random);
            }
            return after;
        }
    }

    static void Take(string name, Dictionary<string, FaultyFile> from, Dictionary<string, FaultyFile> to)
    {
        if (from.TryGetValue(name, out var file)) to[name] = file;
        else to.Remove(name);
    }

    FileHandle Handle(string name) => new(this, _cached.GetValueOrDefault(name) ?? throw new FileNotFoundException(name));

    T Do<T>(FileOperation operation, Func<Part, T> perform)
    {
        lock (_gate)
        {
            var fault = _plan?.Invoke(++Operations, operation);
            if (fault is null) return perform(new(1));
            // A name is made or it is not; bytes can be half there.
            if (fault is FileFault.AfterAll) perform(new(1));
            else if (fault is FileFault.Halfway && operation is FileOperation.Write or FileOperation.Sync or FileOperation.SyncFolder) perform(new(0.5));
            else if (operation is FileOperation.Sync) perform(new(0));
            throw new IOException($"{operation} {Operations} failed {fault}");
        }
    }

    /// <summary>How much of an operation is done.</summary>
    readonly record struct Part(double Share)
    {
        public bool IsNothing => Share == 0;

        public bool IsWhole => Share == 1;
    }

    sealed class FileHandle(FaultyFolder folder, FaultyFile file) : IJournalFile
    {
        public long Length
        {
            get
            {
                lock (folder._gate) return file.Cached.Count;
            }
        }

        public int Read(long offset, Span<byte> into)
        {
            byte[] bytes = folder.Do(FileOperation.Read, _ => file.Cached.Skip((int)offset).ToArray());
            int count = Math.Min(bytes.Length, into.Length);
            bytes.AsSpan(0, count).CopyTo(into);
            lock (folder._gate) folder.BytesRead += count;
            return count;
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            byte[] all = bytes.ToArray();
            folder.Do(FileOperation.Write, part => file.Change(new((int)offset, all[..(int)(all.Length * part.Share)])));
        }

        public void Truncate(long length) => folder.Do(FileOperation.Truncate, _ => file.Change(new((int)length, null)));

        public void Sync() => folder.Do(FileOperation.Sync, part => file.Sync(part.Share, folder._random));

        public void Dispose()
        {
            // The cache belongs to the folder.
        }
    }
}

/// <summary>What can fail.</summary>
enum FileOperation
{
    List,
    Create,
    Open,
    Delete,
    SyncFolder,
    Read,
    Write,
    Truncate,
    Sync,
}

/// <summary>How it fails.</summary>
enum FileFault
{
    /// <summary>Nothing of it is done.</summary>
    BeforeAll,

    /// <summary>A part of it is done.</summary>
    Halfway,

    /// <summary>All of it is done, and nobody is told.</summary>
    AfterAll,
}

/// <summary>How much of its cache a disk loses in a crash.</summary>
enum CacheLoss
{
    None,
    Some,
    All,
}
