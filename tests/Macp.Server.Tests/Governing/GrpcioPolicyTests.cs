using Macp.Grpc.Tests.Interop;

namespace Macp.Server.Tests;

/// <summary>The policy registry as grpcio sees it, which shares nothing with this implementation.</summary>
public sealed class GrpcioPolicyTests
{
    [GrpcioFact]
    public async Task A_grpcio_client_registers_lists_and_watches()
    {
        await using var runtime = await TestRuntime.StartAsync();
        await using var client = new PythonScript("grpcio_policies.py", runtime.Host.Address.Authority);
        var found = await client.FindingsAsync();

        Assert.All((string[])["first", "registered", "second", "again", "listed"], name => Assert.Equal((name, "True"), (name, found[name])));
        Assert.Equal(
            ("UNAUTHENTICATED", "INVALID_ARGUMENT", "UNAUTHENTICATED", "NOT_FOUND"),
            (found["register_nobody"], found["register_nothing"], found["watch_nobody"], found["get_unknown"]));
    }
}
