using System.Diagnostics;

namespace Macp.Grpc.Tests.Interop;

/// <summary>A fact that needs grpcio, the C implementation under Python: Debian's package <c>python3-grpcio</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GrpcioFactAttribute : FactAttribute
{
    public const string Python = "/usr/bin/python3";

    static readonly bool s_isInstalled = IsInstalled();

    public GrpcioFactAttribute()
    {
        if (!s_isInstalled) Skip = "needs grpcio: apt-get install python3-grpcio";
    }

    static bool IsInstalled()
    {
        if (!File.Exists(Python)) return false;
        using var import = Process.Start(new ProcessStartInfo(Python, ["-c", "import grpc"]) { RedirectStandardError = true })!;
        import.WaitForExit();
        return import.ExitCode == 0;
    }
}
