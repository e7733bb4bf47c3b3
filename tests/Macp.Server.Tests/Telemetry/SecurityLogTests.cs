using Macp.Grpc;
using Macp.Server.Telemetry;
using Macp.Wire.V1;

namespace Macp.Server.Tests;

/// <summary>What the log says of who did, or may not do, what.</summary>
public sealed class SecurityLogTests
{
    const string Tokens = """
        [
          { "token": "token-of-ini", "sender": "ini" }, { "token": "token-of-alice", "sender": "alice" },
          { "token": "token-of-eve", "sender": "eve", "can_start_sessions": false }, { "token": "token-of-root", "sender": "root", "can_manage_mode_registry": true }
        ]
        """;

    static readonly GrpcMethod<RegisterPolicyRequest, RegisterPolicyResponse> RegisterPolicy = Rpc.Of<RegisterPolicyRequest, RegisterPolicyResponse>("RegisterPolicy");
    static readonly GrpcMethod<UnregisterPolicyRequest, UnregisterPolicyResponse> UnregisterPolicy = Rpc.Of<UnregisterPolicyRequest, UnregisterPolicyResponse>("UnregisterPolicy");

    readonly Notebook _notebook = new();

    [Fact]
    public async Task Who_may_not_send_or_ask_is_told_with_what_and_from_where()
    {
        await using var runtime = await StartAsync();
        string session = await OpenAsync(runtime);

        await runtime.RefusesAsync("FORBIDDEN", "token-of-eve", Envelopes.Start(Envelopes.NewSession()));
        await runtime.RefusesAsync("FORBIDDEN", "token-of-eve", Envelopes.Proposal(session));
        await runtime.Channel.UnaryAsync(Rpc.GetSession, new() { SessionId = session }, Rpc.As("token-of-eve")).FailsWith(GrpcStatusCode.PermissionDenied);
        await runtime.Channel.UnaryAsync(Rpc.CancelSession, new() { SessionId = session }, Rpc.As("token-of-alice")).FailsWith(GrpcStatusCode.PermissionDenied);
        await runtime.Channel.UnaryAsync(RegisterPolicy, new() { PolicyDescriptor = Policy("policy.x") }, Rpc.As("token-of-alice")).FailsWith(GrpcStatusCode.PermissionDenied);
        await using var stream = runtime.Stream("token-of-eve");
        await stream.SubscribeAsync(session);
        Assert.Equal("FORBIDDEN", (await stream.NextAsync())!.Error.Code);

        string[] told = Told(23);
        Assert.Equal(6, told.Length);
        Assert.Matches("^'eve' at 127\\.0\\.0\\.1:[0-9]+ may not send SessionStart to '.+'$", told[0]);
        Assert.Matches($"^'eve' at .+ may not send Proposal to '{session}'$", told[1]);
        Assert.Matches($"^'eve' at .+ may not call GetSession of '{session}'$", told[2]);
        Assert.Matches($"^'alice' at .+ may not call CancelSession of '{session}'$", told[3]);
        Assert.Matches("^'alice' at .+ may not call RegisterPolicy of 'policy.x'$", told[4]);
        Assert.Matches($"^'eve' at .+ may not call StreamSession of '{session}'$", told[5]);
    }

    [Fact]
    public async Task So_is_who_sends_in_anothers_name_by_either_way()
    {
        await using var runtime = await StartAsync();
        string session = await OpenAsync(runtime);
        var envelope = Envelopes.Proposal(session);
        envelope.Sender = "ini";

        await runtime.RefusesAsync("UNAUTHENTICATED", "token-of-alice", envelope);
        await using var stream = runtime.Stream("token-of-alice");
        await stream.SendAsync(envelope);
        await stream.EndsWithAsync(GrpcStatusCode.Unauthenticated);

        Assert.All(Told(24), text => Assert.Matches("^'alice' at .+ was refused: it sent in the name of 'ini'$", text));
        Assert.Equal(2, Told(24).Length);
    }

    [Fact]
    public async Task And_who_sends_too_much()
    {
        await using var runtime = await StartAsync(new() { MessageLimitPerMinute = 1, MaxPayloadBytes = 1000 });
        string session = await OpenAsync(runtime);
        await runtime.AcceptsAsync("token-of-alice", Envelopes.Proposal(session));

        await runtime.RefusesAsync("RATE_LIMITED", "token-of-alice", Envelopes.Proposal(session, "p2"));
        await runtime.RefusesAsync("PAYLOAD_TOO_LARGE", "token-of-alice", Envelopes.Proposal(session, new('p', 1001)));

        Assert.Matches("^'alice' at .+ is at a limit: 'alice' has sent too much in the last minute; try again later$", Assert.Single(Told(25)));
        Assert.Matches("^'alice' at .+ sent a payload of [0-9]+ bytes, which is too large$", Assert.Single(Told(26)));
    }

    [Fact]
    public async Task Who_changes_a_registry_or_ends_a_session_is_told()
    {
        await using var runtime = await StartAsync();
        string session = await OpenAsync(runtime);

        Assert.True((await runtime.Channel.UnaryAsync(RegisterPolicy, new() { PolicyDescriptor = Policy("policy.x") }, Rpc.As("token-of-root"))).Ok);
        Assert.False((await runtime.Channel.UnaryAsync(RegisterPolicy, new() { PolicyDescriptor = Policy("policy.x") }, Rpc.As("token-of-root"))).Ok);
        Assert.True((await runtime.Channel.UnaryAsync(UnregisterPolicy, new() { PolicyId = "policy.x" }, Rpc.As("token-of-root"))).Ok);
        await runtime.Channel.UnaryAsync(Rpc.RegisterExtMode, new() { ModeDescriptor = Mode("ext.tender.v1") }, Rpc.As("token-of-root"));
        await runtime.Channel.UnaryAsync(Rpc.PromoteMode, new() { Mode = "ext.tender.v1" }, Rpc.As("token-of-root"));
        await runtime.Channel.UnaryAsync(Rpc.RegisterExtMode, new() { ModeDescriptor = Mode("ext.other.v1") }, Rpc.As("token-of-root"));
        await runtime.Channel.UnaryAsync(Rpc.UnregisterExtMode, new() { Mode = "ext.other.v1" }, Rpc.As("token-of-root"));
        await runtime.Channel.UnaryAsync(Rpc.SuspendSession, new() { SessionId = session, Reason = "wait" }, Rpc.As("token-of-ini"));
        await runtime.Channel.UnaryAsync(Rpc.SuspendSession, new() { SessionId = session, Reason = "refused: it is suspended" }, Rpc.As("token-of-ini"));
        await runtime.Channel.UnaryAsync(Rpc.ResumeSession, new() { SessionId = session }, Rpc.As("token-of-ini"));
        await runtime.Channel.UnaryAsync(Rpc.CancelSession, new() { SessionId = session }, Rpc.As("token-of-ini"));

        Assert.Equal(
            ["'root' has registered policy 'policy.x'", "'root' has unregistered policy 'policy.x'", "'root' has registered mode 'ext.tender.v1'", "'root' has promoted mode 'ext.tender.v1'", "'root' has registered mode 'ext.other.v1'", "'root' has unregistered mode 'ext.other.v1'"],
            Told(30));
        Assert.Equal([$"'ini' has suspended session '{session}'", $"'ini' has resumed session '{session}'", $"'ini' has cancelled session '{session}'"], Told(31));
    }

    [Fact]
    public async Task Cancelling_over_and_over_fills_no_log_and_what_ended_otherwise_was_not_cancelled()
    {
        await using var runtime = await StartAsync();
        string cancelled = await OpenAsync(runtime), resolved = await OpenAsync(runtime);
        await runtime.AcceptsAsync("token-of-alice", Envelopes.Proposal(resolved));
        await runtime.AcceptsAsync("token-of-ini", Envelopes.Commitment(resolved));

        Assert.True((await runtime.CancelAsync("token-of-ini", resolved)).Ok);
        Assert.Empty(Told(31));
        for (int i = 0; i < LogAllowance.Entries + 5; i++) Assert.True((await runtime.CancelAsync("token-of-ini", cancelled)).Ok);
        Assert.Equal(LogAllowance.Entries, Told(31).Length);
    }

    [Theory]
    [InlineData(2, """{"voting":{"algorithm":"majority"}}""", true), InlineData(1, """{"voting":{"algorithm":"majority"},"commitment":{"require_vote_quorum":false}}""", true)]
    [InlineData(2, """{"voting":{"algorithm":"majority"},"commitment":{"require_vote_quorum":true}}""", false), InlineData(3, """{"voting":{"algorithm":"majority"}}""", false)]
    [InlineData(2, """{"voting":{"algorithm":"none"}}""", false), InlineData(2, "{}", false)]
    public async Task A_policy_under_which_nobody_need_vote_is_registered_and_told(int version, string rules, bool isTold)
    {
        await using var runtime = await StartAsync();
        var policy = Policy("policy.votes");
        (policy.Mode, policy.SchemaVersion, policy.Rules) = (Envelopes.Mode, (uint)version, rules);

        var registered = await runtime.Channel.UnaryAsync(RegisterPolicy, new() { PolicyDescriptor = policy }, Rpc.As("token-of-root"));

        Assert.True(registered.Ok, registered.Error);
        Assert.Equal(isTold ? 1 : 0, Told(32).Length);
    }

    [Fact]
    public async Task Nothing_of_tokens_and_payloads_is_in_any_entry()
    {
        await using var runtime = await StartAsync(new() { MaxPayloadBytes = 2000 });
        string session = await OpenAsync(runtime);
        await runtime.AcceptsAsync("token-of-alice", Envelopes.Proposal(session, "classified"));
        foreach (string caller in (string[])["token-of-eve", "token-of-nobody", "token-of-ini"])
            foreach (var envelope in (Envelope[])[Envelopes.Proposal(session, "classified"), Envelopes.Vote(session, "classified", "classified"), Envelopes.Commitment(session), Envelopes.Proposal(session, "classified" + new string('x', 2000))])
                await runtime.SendAsync(caller, envelope);
        await runtime.Channel.UnaryAsync(Rpc.CancelSession, new() { SessionId = session, Reason = "classified" }, Rpc.As("token-of-ini"));

        Assert.NotEmpty(Told(20));
        Assert.DoesNotContain(_notebook.Notes, note => note.Text.Contains("token-of", StringComparison.Ordinal) || note.Text.Contains("classified", StringComparison.Ordinal));
    }

    Task<TestRuntime> StartAsync(Macp.Runtime.MacpRuntimeOptions? limits = null) => TestRuntime.StartAsync(limits, _notebook.Opened, authentication: new() { TokensJson = Tokens });

    static async Task<string> OpenAsync(TestRuntime runtime)
    {
        string session = Envelopes.NewSession();
        await runtime.AcceptsAsync("token-of-ini", Envelopes.Start(session));
        return session;
    }

    static PolicyDescriptor Policy(string id) => new() { PolicyId = id, Mode = "*", SchemaVersion = 3, Rules = "{}" };

    static ModeDescriptor Mode(string name) => new() { Mode = name, ModeVersion = "1.0.0", Title = "t", MessageTypes = { "SessionStart", "Commitment" }, TerminalMessageTypes = { "Commitment" } };

    string[] Told(int id) => [.. _notebook.Notes.Where(note => note.Id == id).Select(note => note.Text)];
}
