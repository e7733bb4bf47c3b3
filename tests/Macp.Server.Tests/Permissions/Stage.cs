using Macp.Grpc;
using Macp.Wire.V1;

namespace Macp.Server.Tests;

/// <summary>A runtime with every caller and a session in every state, and what each caller heard of them.</summary>
sealed class Stage : IAsyncDisposable
{
    /// <summary>The policy that names who commits.</summary>
    public const string Designating = "policy.designating";

    static readonly string[] Living = [States.Open, States.Suspended, States.Resolved, States.Cancelled, States.Expired];

    static readonly GrpcMethod<RegisterPolicyRequest, RegisterPolicyResponse> RegisterPolicy = Rpc.Of<RegisterPolicyRequest, RegisterPolicyResponse>("RegisterPolicy");

    readonly Dictionary<string, string> _shared = [];
    readonly Dictionary<(Deed, string Caller, string State), string> _own = [];

    Stage(TestRuntime runtime) => Runtime = runtime;

    public TestRuntime Runtime { get; }

    public Hearing Hearing { get; private set; } = null!;

    public static async Task<Stage> SetAsync(string folder, IEnumerable<Deed> deeds)
    {
        string removed;
        await using (var before = await RuntimeAsync(folder)) removed = await EndAsync(before);
        var stage = new Stage(await RuntimeAsync(folder));
        // What has ended is kept for a day: that session is removed now, and nothing later.
        stage.Runtime.Time.Advance(TimeSpan.FromDays(2));
        await stage.Runtime.Host.Runtime.SweepAsync();
        stage._shared[States.Removed] = removed;
        stage._shared[States.Unknown] = Envelopes.NewSession();
        stage.Hearing = await Hearing.BeginAsync(stage.Runtime);
        await stage.PrepareAsync([.. deeds.Where(deed => deed.Changes)]);
        await stage.Hearing.EndAsync(stage._shared);
        return stage;
    }

    /// <summary>The session that a deed is done to.</summary>
    public string SessionOf(Deed deed, string caller, string state) =>
        state == States.Any ? ""
        : deed.Changes && state == States.Unknown ? Envelopes.NewSession()
        : _own.GetValueOrDefault((deed, caller, state)) ?? _shared[state];

    /// <summary>Those that expire come first, so that the time which they need is nobody else's.</summary>
    async Task PrepareAsync(Deed[] changing)
    {
        var all = new List<(string State, string Policy, string Session)>();
        foreach (string state in Living)
        {
            all.Add((state, Designating, _shared[state] = Envelopes.NewSession()));
            foreach (var deed in changing)
                foreach (string caller in Callers.All) all.Add((state, deed.Policy, _own[(deed, caller, state)] = Envelopes.NewSession()));
        }
        await Parallel.ForEachAsync(all.Where(one => one.State == States.Expired), async (one, _) => await ReachAsync(one.State, one.Policy, one.Session));
        Runtime.Time.Advance(TimeSpan.FromHours(1));
        await Runtime.Host.Runtime.SweepAsync();
        await Parallel.ForEachAsync(all.Where(one => one.State != States.Expired), async (one, _) => await ReachAsync(one.State, one.Policy, one.Session));
    }

    async Task ReachAsync(string state, string policy, string session)
    {
        await Runtime.AcceptsAsync("t-initiator", Start(session, policy));
        await Runtime.AcceptsAsync("t-participant", Proposal(session));
        if (state is States.Suspended) await Runtime.SuspendAsync("t-initiator", session);
        if (state is States.Cancelled) await Runtime.CancelAsync("t-initiator", session);
        if (state is States.Resolved) await Runtime.AcceptsAsync(policy == Designating ? "t-committer" : "t-initiator", Commitment(session));
    }

    /// <summary>Registers the policy, which stays, and answers a session that has ended.</summary>
    static async Task<string> EndAsync(TestRuntime runtime)
    {
        var policy = new PolicyDescriptor { PolicyId = Designating, Mode = "*", SchemaVersion = 3, Rules = """{"commitment":{"authority":"designated_role","designated_roles":["committer"]}}""" };
        Assert.True((await runtime.Channel.UnaryAsync(RegisterPolicy, new() { PolicyDescriptor = policy }, Callers.As(Callers.Manager)).Happens()).Ok);
        string session = Envelopes.NewSession();
        await runtime.AcceptsAsync("t-initiator", Start(session, Designating));
        await runtime.CancelAsync("t-initiator", session);
        return session;
    }

    public static Envelope Start(string session, string policy, params string[] others) => Envelopes.Start(session, start =>
    {
        start.Participants.Clear();
        start.Participants.Add(Callers.Invited);
        start.Participants.Add(others);
        start.PolicyVersion = policy;
    });

    /// <summary>What the participant has sent in each session: every one is the same message.</summary>
    public static Envelope Proposal(string session) => Envelopes.Proposal(session, id: "proposal");

    /// <summary>One that fits whatever policy is bound.</summary>
    public static Envelope Commitment(string session) => Envelopes.Commitment(session, commitment => commitment.PolicyVersion = "");

    static Task<TestRuntime> RuntimeAsync(string folder) => TestRuntime.StartAsync(
        new()
        {
            MessageLimitPerMinute = int.MaxValue, SessionStartLimitPerMinute = int.MaxValue, HistoryRetention = TimeSpan.FromDays(1),
        },
        data: folder, authentication: new() { TokensJson = Callers.Tokens });

    public async ValueTask DisposeAsync()
    {
        await Hearing.DisposeAsync();
        await Runtime.DisposeAsync();
    }
}
