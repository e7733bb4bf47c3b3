namespace Macp.Runtime;

/// <summary>Keeps a second process from a folder. Ends with the process, however that ends.</summary>
static class FolderOwnership
{
    public const string FileName = "owner.lock";

    /// <exception cref="IOException">Another process has it.</exception>
    public static IDisposable Take(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new IOException($"the data folder '{folder}' belongs to another process; stop that one, or choose another folder", e);
        }
    }
}
