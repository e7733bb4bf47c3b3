using System.Runtime.InteropServices;
using System.Text;

namespace Macp.Runtime;

/// <summary>
/// Makes the entries of a folder durable, for which the class library has no call: on Unix a file that was created or renamed is only as durable as the
/// folder that names it. Windows does it by itself.
/// </summary>
static class FolderSync
{
    const int ReadOnly = 0;

    /// <summary>Makes a folder where there is none, and those above it, so that they survive a crash with what will stand in them.</summary>
    public static void Create(string path)
    {
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Directory.Exists(path)) return;
        string parent = Path.GetDirectoryName(path)!;
        Create(parent);
        Directory.CreateDirectory(path);
        Of(parent);
    }

    public static void Of(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        int descriptor = Open([.. Encoding.UTF8.GetBytes(path), 0], ReadOnly);
        if (descriptor < 0) throw Failure("open");
        int result = FSync(descriptor);
        var failure = result < 0 ? Failure("sync") : null;
        _ = Close(descriptor);
        if (failure is not null) throw failure;

        IOException Failure(string what) => new($"cannot {what} the folder '{path}': {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    static extern int FSync(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    static extern int Close(int descriptor);
}
