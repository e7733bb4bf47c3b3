using Macp.Client;
using Macp.Grpc;
using Macp.Modes.Standard;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Testing.Tests;

/// <summary>Every method of the service by this client, against the real runtime: that it does what it is for, and the refusal that a client meets most.</summary>
public sealed class EveryMethodTests : IAsyncLifetime
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly CalledMethods _called = new();
    TestRuntime _runtime = null!;
    MacpClient _ann = null!, _bob = null!;

    public async Task InitializeAsync()
    {
        _runtime = await TestRuntime.StartAsync(modes => modes.Add<DecisionMode>());
        (_ann, _bob) = (Connect("ann"), Connect("bob"));
    }

    public async Task DisposeAsync()
    {
        await _ann.DisposeAsync();
        await _bob.DisposeAsync();
        await _runtime.DisposeAsync();
    }

    [Fact]
    public async Task All_are_called_and_answer()
    {
        await DiscoverAsync();
        await ChangeRegistriesAsync();
        await SignalAsync();
        await HoldASessionAsync();
        await RefuseAsync();
        Assert.Equal(CoreReflection.Descriptor.Services[0].Methods.Select(method => method.Name).Order(), _called.Names.Order());
    }

    async Task DiscoverAsync()
    {
        Assert.Equal("macp-runtime", (await _ann.InitializeAsync()).Runtime.Name);
        Assert.Equal("macp-runtime", (await _ann.GetManifestAsync()).AgentId);
        Assert.Equal("macp.mode.decision.v1", Assert.Single(await _ann.ListModesAsync()).Mode);
        Assert.Empty(await _ann.ListRootsAsync());
        Assert.NotNull(await FirstAsync(_ann.WatchRootsAsync()));
    }

    async Task ChangeRegistriesAsync()
    {
        Assert.Equal("modes", (await FirstAsync(_bob.WatchModeRegistryAsync())).Registry);
        await _ann.RegisterExtModeAsync(new() { Mode = "ext.chess.v1", ModeVersion = "1.0.0", MessageTypes = { "Move", "Commitment" }, TerminalMessageTypes = { "Commitment" } });
        Assert.Equal("ext.chess.v1", Assert.Single(await _bob.ListExtModesAsync()).Mode);
        await _ann.UnregisterExtModeAsync("ext.chess.v1");
        await _ann.RegisterExtModeAsync(new() { Mode = "ext.go.v1", ModeVersion = "1.0.0", MessageTypes = { "Move", "Commitment" }, TerminalMessageTypes = { "Commitment" } });
        await _ann.PromoteModeAsync("ext.go.v1");
        Assert.Empty(await _bob.ListExtModesAsync());

        await _ann.RegisterPolicyAsync(new() { PolicyId = "p", Mode = "*", Rules = "{}", SchemaVersion = 3 });
        Assert.Equal("p", (await _bob.GetPolicyAsync("p")).PolicyId);
        Assert.Contains(await _bob.ListPoliciesAsync(), policy => policy.PolicyId == "p");
        Assert.Contains((await FirstAsync(_bob.WatchPoliciesAsync())).Policies, policy => policy.PolicyId == "p");
        await _ann.UnregisterPolicyAsync("p");
    }

    async Task SignalAsync()
    {
        var heard = FirstAsync(_bob.WatchSignalsAsync());
        // A watch has begun once it hears; nothing else tells.
        while (!heard.IsCompleted)
        {
            await _ann.SendSignalAsync(new("knock"));
            await Task.WhenAny(heard, Task.Delay(20));
        }
        Assert.Equal("ann", (await heard).Sender);
    }

    async Task HoldASessionAsync()
    {
        var session = new DecisionSession(_ann);
        await session.StartAsync(new() { Intent = "choose", Participants = ["ann", "bob"], TimeToLive = TimeSpan.FromMinutes(1) });
        await session.ProposeAsync("p1", "an option");
        Assert.True((await FirstAsync(_bob.WatchSessionsAsync())).IsCreated);
        await _ann.SuspendSessionAsync(session.SessionId);
        await _ann.ResumeSessionAsync(session.SessionId);
        await _ann.CancelSessionAsync(session.SessionId);
        Assert.Equal(SessionState.Cancelled, (await _bob.GetSessionAsync(session.SessionId)).State);

        var listed = new List<SessionInfo>();
        await foreach (var info in _bob.ListSessionsAsync(includeFinished: true)) listed.Add(info);
        Assert.Equal(session.SessionId, Assert.Single(listed).SessionId);

        var types = new List<string>();
        await foreach (var item in _bob.FollowSessionAsync(session.SessionId))
            types.Add(item switch { SessionStreamItem.Accepted e => e.Envelope.MessageType, SessionStreamItem.Annotation e => e.Envelope.MessageType, _ => "?" });
        Assert.Equal(["SessionStart", "Proposal", "SessionSuspend", "SessionResume", "SessionCancel"], types);
    }

    async Task RefuseAsync()
    {
        var unknown = Guid.NewGuid().ToString();
        foreach (var call in (Func<Task>[])
            [() => _ann.GetSessionAsync(unknown), () => _ann.CancelSessionAsync(unknown), () => _ann.GetPolicyAsync("none"), () => _ann.GetManifestAsync("none")])
            Assert.Equal(GrpcStatusCode.NotFound, (await Assert.ThrowsAsync<MacpTransportException>(call)).StatusCode);
        var negative = await Assert.ThrowsAsync<MacpTransportException>(async () => await FirstAsync(_ann.ListSessionsAsync(pageSize: -1)));
        Assert.Equal(GrpcStatusCode.InvalidArgument, negative.StatusCode);
        Assert.Equal(ErrorCode.SessionNotFound, (await Assert.ThrowsAsync<MacpNackException>(() => new DecisionSession(_ann, new() { SessionId = unknown }).ProposeAsync("p1", "x"))).Code);
    }

    MacpClient Connect(string name) => new(new() { Endpoint = _runtime.Endpoint, AllowInsecure = true, Auth = MacpAuth.DevAgent(name), HttpMessageHandler = _called });

    static async Task<T> FirstAsync<T>(IAsyncEnumerable<T> told)
    {
        await using var each = told.GetAsyncEnumerator();
        Assert.True(await each.MoveNextAsync().AsTask().WaitAsync(Patience));
        return each.Current;
    }

    /// <summary>Writes down which methods are called.</summary>
    sealed class CalledMethods() : DelegatingHandler(new SocketsHttpHandler { EnableMultipleHttp2Connections = true })
    {
        readonly HashSet<string> _names = [];

        public IEnumerable<string> Names => _names;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            lock (_names) _names.Add(request.RequestUri!.Segments[^1]);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
