namespace Macp.Runtime;

/// <summary>
/// Copies the journal of a process, running or not, into a folder that another process can take up. The copy is a prefix of the journal, in whole batches:
/// everything that was acknowledged before it began, and of what came meanwhile as much as there was when its segment was copied.
/// </summary>
/// <param name="Copied">How much the copy has.</param>
/// <param name="Faults">What of the copy cannot be read, since the journal is damaged there. A torn end is no damage; it was left out.</param>
public sealed record JournalBackup(JournalExtent Copied, IReadOnlyList<JournalFault> Faults)
{
    const string Partial = ".partial";

    /// <summary>
    /// Makes a backup. It is built beside its place, under the name of that and <c>.partial</c>, and takes its name when it is durable: what has the name is
    /// whole. A damaged journal is copied as it is, and told.
    /// </summary>
    /// <param name="folder">The journal's folder. It is read and nothing else.</param>
    /// <param name="target">The backup's folder, which is made; it may be there when it is empty.</param>
    /// <param name="cancellationToken">Gives it up; then nothing is left of it.</param>
    /// <exception cref="IOException">A folder cannot be used, or something stands in the target's place or in that beside it.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder may not be used.</exception>
    /// <exception cref="InvalidDataException">The folder has no journal, or one of another version.</exception>
    public static JournalBackup Make(string folder, string target, CancellationToken cancellationToken = default)
    {
        var source = JournalArchive.FolderOf(folder);
        target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));
        string partial = target + Partial;
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
            throw new IOException($"'{target}' is there already, and a backup is made in a new folder or an empty one");
        if (Path.Exists(partial))
            throw new IOException($"'{partial}' is there: another backup is under way, or was interrupted; in that case delete it and try again");
        FolderSync.Create(partial);
        try
        {
            var backup = JournalCopy.Make(source, new DiskFolder(partial), cancellationToken);
            // An empty folder is no more than its name, and is not moved over.
            if (Directory.Exists(target)) Directory.Delete(target);
            Directory.Move(partial, target);
            FolderSync.Of(Path.GetDirectoryName(target)!);
            return backup;
        }
        catch when (Directory.Exists(partial))
        {
            // A disk that is full must not stay so for nothing.
            Directory.Delete(partial, recursive: true);
            throw;
        }
    }
}
