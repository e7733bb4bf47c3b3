using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Macp.Cli;

/// <summary>The process's standard output.</summary>
static class StandardOutput
{
    const int Descriptor = 1;

    // EPIPE, of Linux and of macOS.
    const int BrokenPipe = 32;

    /// <summary>Whether it failed because nobody reads the pipe any more.</summary>
    public static bool IsHangUp(IOException failure) => failure.HResult == BrokenPipe;

    /// <summary>A writer that fails once nobody reads the pipe behind it any more; the console's own hides that, so that a watch would go on for nobody.</summary>
    public static TextWriter Open()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected) return Console.Out;
        var stream = new FileStream(new SafeFileHandle(Descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        // A file's offset is shared with whoever writes to it next, and a stream of its own would not move it.
        return stream.CanSeek ? Console.Out : new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
    }
}
