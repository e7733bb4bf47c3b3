namespace Macp.Runtime;

/// <summary>The folder of a journal, as far as the journal needs one. The seam at which tests let disks fail.</summary>
interface IJournalFolder
{
    /// <summary>The names of its files.</summary>
    IReadOnlyList<string> List();

    /// <summary>A new file, open for writing and reading. It survives a crash once <see cref="Sync"/> was called.</summary>
    IJournalFile Create(string name);

    /// <summary>A file that is there.</summary>
    IJournalFile Open(string name);

    void Delete(string name);

    /// <summary>Makes durable which files there are.</summary>
    void Sync();
}

/// <summary>A file of a journal. Safe for any number of readers beside one writer.</summary>
interface IJournalFile : IDisposable
{
    long Length { get; }

    /// <summary>Reads from an offset on; answers how many bytes there were, less than asked for at the end of the file only.</summary>
    int Read(long offset, Span<byte> into);

    void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>Cuts the file.</summary>
    void Truncate(long length);

    /// <summary>Makes durable what was written.</summary>
    void Sync();
}
