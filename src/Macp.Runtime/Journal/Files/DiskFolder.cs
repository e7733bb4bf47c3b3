using Microsoft.Win32.SafeHandles;

namespace Macp.Runtime;

/// <summary>A folder on a disk.</summary>
/// <param name="path">Where.</param>
/// <param name="access">What is done to files that are there. Whoever only reads keeps nobody from writing, and from deleting.</param>
sealed class DiskFolder(string path, FileAccess access = FileAccess.ReadWrite) : IJournalFolder
{
    public IReadOnlyList<string> List() => [.. Directory.EnumerateFiles(path).Select(file => Path.GetFileName(file))];

    public IJournalFile Create(string name) => new DiskFile(File.OpenHandle(At(name), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read));

    public IJournalFile Open(string name) =>
        new DiskFile(File.OpenHandle(At(name), FileMode.Open, access, access is FileAccess.Read ? FileShare.ReadWrite | FileShare.Delete : FileShare.Read));

    public void Delete(string name) => File.Delete(At(name));

    public void Sync() => FolderSync.Of(path);

    string At(string name) => Path.Combine(path, name);

    sealed class DiskFile(SafeFileHandle handle) : IJournalFile
    {
        public long Length => RandomAccess.GetLength(handle);

        public int Read(long offset, Span<byte> into)
        {
            int read = 0;
            while (read < into.Length && RandomAccess.Read(handle, into[read..], offset + read) is > 0 and var more) read += more;
            return read;
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes) => RandomAccess.Write(handle, bytes, offset);

        public void Truncate(long length) => RandomAccess.SetLength(handle, length);

        public void Sync() => RandomAccess.FlushToDisk(handle);

        public void Dispose() => handle.Dispose();
    }
}
