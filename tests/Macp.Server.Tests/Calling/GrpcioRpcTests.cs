using Macp.Grpc.Tests.Interop;
using Macp.Server.Authentication;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Server.Tests;

/// <summary>Every method as grpcio sees it, which shares nothing with this implementation: its success, then its refusals.</summary>
public sealed class GrpcioRpcTests(GrpcioRpcTests.Report report) : IClassFixture<GrpcioRpcTests.Report>
{
    public static TheoryData<string, string> Methods => new()
    {
        { "Initialize", "1.0, True, INVALID_ARGUMENT, FAILED_PRECONDITION" },
        { "Send", "OPEN, OPEN, OPEN, again OPEN, SESSION_ALREADY_EXISTS, UNAUTHENTICATED, FORBIDDEN, SESSION_NOT_FOUND, INVALID_ARGUMENT" },
        {
            "StreamSession",
            "first, second, INVALID_ENVELOPE, third, OK, FORBIDDEN, FORBIDDEN, INVALID_ARGUMENT, second, third, OK, NOT_FOUND, INVALID_ARGUMENT, UNAUTHENTICATED"
        },
        { "GetSession", "True, OPEN, ['alice', 'bob'], ini, PERMISSION_DENIED, NOT_FOUND, UNAUTHENTICATED" },
        { "SuspendSession", "SUSPENDED, SESSION_NOT_OPEN, PERMISSION_DENIED, NOT_FOUND, UNAUTHENTICATED" },
        { "ResumeSession", "OPEN, SESSION_NOT_OPEN, PERMISSION_DENIED, NOT_FOUND, UNAUTHENTICATED" },
        { "CancelSession", "CANCELLED, CANCELLED, PERMISSION_DENIED, NOT_FOUND, UNAUTHENTICATED" },
        { "WatchSessions", "True, SUSPENDED, RESUMED, CANCELLED, UNAUTHENTICATED" },
        { "ListSessions", "[2], [2, 1], [], INVALID_ARGUMENT, INVALID_ARGUMENT, UNAUTHENTICATED" },
        { "WatchSignals", "OPEN, signal, alice, news, UNAUTHENTICATED" },
        { "GetManifest", "macp-runtime, ['macp.mode.decision.v1'], NOT_FOUND" },
        { "ListRoots", "b''" },
        { "WatchRoots", "True, UNAUTHENTICATED" },
        { "RegisterExtMode", "True, mode 'ext.python.v1' is already registered, INVALID_ARGUMENT, PERMISSION_DENIED, UNAUTHENTICATED" },
        { "ListExtModes", "['ext.python.v1']" },
        { "PromoteMode", "True, ext.snake.v1, mode 'ext.python.v1' is not found, PERMISSION_DENIED, UNAUTHENTICATED" },
        { "ListModes", "['macp.mode.decision.v1', 'ext.snake.v1']" },
        {
            "UnregisterExtMode",
            "True, mode 'ext.python.v1' is not found, mode 'macp.mode.decision.v1' is built-in, and stays, PERMISSION_DENIED, UNAUTHENTICATED"
        },
        { "WatchModeRegistry", "['modes', 'modes', 'modes', 'modes', 'modes'], UNAUTHENTICATED" },
        { "RegisterPolicy", "True, True, True, INVALID_ARGUMENT, PERMISSION_DENIED, UNAUTHENTICATED" },
        { "GetPolicy", "True, NOT_FOUND, UNAUTHENTICATED" },
        { "ListPolicies", "['policy.default', 'policy.python'], ['policy.default'], UNAUTHENTICATED" },
        { "UnregisterPolicy", "True, True, True, PERMISSION_DENIED, UNAUTHENTICATED" },
        { "WatchPolicies", "[False, True, False], UNAUTHENTICATED" },
    };

    [GrpcioTheory]
    [MemberData(nameof(Methods))]
    public void A_grpcio_client_is_answered(string method, string answers) => Assert.Equal((method, answers), (method, report.Findings[method]));

    [Fact]
    public void Every_method_is_called() =>
        Assert.Equal(Rpc.Service.Methods.Select(method => method.Name).Order(StringComparer.Ordinal), Methods.Cast<object[]>().Select(row => (string)row[0]).Order(StringComparer.Ordinal));

    /// <summary>What the client found, in one run against one runtime.</summary>
    public sealed class Report : IAsyncLifetime
    {
        internal Dictionary<string, string> Findings { get; private set; } = [];

        public async Task InitializeAsync()
        {
            if (!GrpcioFactAttribute.IsInstalled) return;
            await using var runtime = await TestRuntime.StartAsync(configure: services => services.AddSingleton<IAuthenticator, Town>());
            await using var client = new PythonScript("grpcio_rpcs.py", runtime.Host.Address.Authority);
            Findings = await client.FindingsAsync();
        }

        public Task DisposeAsync() => Task.CompletedTask;
    }
}
