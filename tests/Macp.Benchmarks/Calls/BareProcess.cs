using System.Diagnostics;

namespace Macp.Benchmarks.Calls;

/// <summary>The bare server in a process of its own, so that what it allocates does not count as the client's.</summary>
sealed class BareProcess : IDisposable
{
    readonly Process _process;

    public BareProcess()
    {
        string[] command = [typeof(BareProcess).Assembly.Location, "bare", "--listen", "127.0.0.1:0"];
        _process = Process.Start(new ProcessStartInfo("dotnet", command) { RedirectStandardOutput = true })!;
        string ready = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the bare server did not start");
        Address = new(ready[ready.IndexOf("http://", StringComparison.Ordinal)..]);
    }

    public Uri Address { get; }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
