using System.Diagnostics;

namespace Macp.Grpc.Tests.Interop;

/// <summary>A fact that needs grpcio, the C implementation under Python: Debian's package <c>python3-grpcio</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GrpcioFactAttribute : FactAttribute
{
    public const string Python = "/usr/bin/python3", Missing = "needs grpcio: apt-get install python3-grpcio";

    public GrpcioFactAttribute()
    {
        if (!IsInstalled) Skip = Missing;
    }

    public static bool IsInstalled { get; } = CanImport();

    static bool CanImport()
    {
        if (!File.Exists(Python)) return false;
        using var import = Process.Start(new ProcessStartInfo(Python, ["-c", "import grpc"]) { RedirectStandardError = true })!;
        import.WaitForExit();
        return import.ExitCode == 0;
    }
}

/// <summary>A theory that needs grpcio.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GrpcioTheoryAttribute : TheoryAttribute
{
    public GrpcioTheoryAttribute()
    {
        if (!GrpcioFactAttribute.IsInstalled) Skip = GrpcioFactAttribute.Missing;
    }
}
