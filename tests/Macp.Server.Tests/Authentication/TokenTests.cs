using Macp.Grpc;
using Macp.Runtime;
using Macp.Server.Authentication;
using Macp.Wire.V1;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Server.Tests;

/// <summary>Static tokens, and every capability, over the wire (runtime-semantics 7.2).</summary>
public sealed class TokenTests
{
    const string Tokens = """
        [
          {"token":"t-ini","sender":"ini","max_open_sessions":1},
          {"token":"t-alice","sender":"alice","can_start_sessions":false},
          {"token":"t.bob","sender":"bob","allowed_modes":["ext.other.v1"]},
          {"token":"t-any","sender":"carol","allowed_modes":[]},
          {"token":"t-eye","sender":"eye","is_observer":true},
          {"token":"t-root","sender":"root","can_manage_mode_registry":true}
        ]
        """;

    static readonly GrpcMethod<RegisterPolicyRequest, RegisterPolicyResponse> RegisterPolicy = Rpc.Of<RegisterPolicyRequest, RegisterPolicyResponse>("RegisterPolicy");

    static Task<TestRuntime> StartAsync(Action<IServiceCollection>? configure = null) => TestRuntime.StartAsync(authentication: new() { TokensJson = Tokens }, configure: configure);

    [Fact]
    public async Task A_token_is_its_sender_by_either_header_and_no_other_is_anybody()
    {
        await using var runtime = await StartAsync();
        string session = Envelopes.NewSession();
        Assert.True((await runtime.SendAsync("t-ini", Envelopes.Start(session))).Ok);
        Assert.True((await runtime.SendAsync(Rpc.As(null, ("x-macp-token", "t-alice")), Envelopes.Proposal(session))).Ok);
        Assert.Contains((await runtime.MetadataAsync(session, "t-ini")).ParticipantActivity, activity => activity.ParticipantId == "alice");
        foreach (string? other in (string?[])["ini", "t-Ini", "t-ini ", "t-in", "a.b.c", null])
            await runtime.RefusesAsync("UNAUTHENTICATED", other, Envelopes.Proposal(session));
        await runtime.Channel.UnaryAsync(Rpc.GetSession, new() { SessionId = session }, Rpc.As("unknown")).FailsWith(GrpcStatusCode.Unauthenticated);
    }

    [Fact]
    public async Task The_identity_is_the_sender_and_an_envelope_that_says_another_is_refused()
    {
        await using var runtime = await StartAsync();
        string session = Envelopes.NewSession();
        await runtime.AcceptsAsync("t-ini", Envelopes.Start(session));
        await runtime.RefusesAsync("UNAUTHENTICATED", "t-alice", Envelopes.Proposal(session).With(e => e.Sender = "carol"));
        await runtime.RefusesAsync("UNAUTHENTICATED", "t-alice", Envelopes.Proposal(session).With(e => e.Sender = "t-alice"));
        await runtime.AcceptsAsync("t-alice", Envelopes.Proposal(session).With(e => e.Sender = "alice"));
    }

    [Fact]
    public async Task Who_may_not_start_sessions_does_not()
    {
        await using var runtime = await StartAsync();
        await runtime.RefusesAsync("FORBIDDEN", "t-alice", Envelopes.Start(Envelopes.NewSession()));
        await runtime.AcceptsAsync("t-any", Envelopes.Start(Envelopes.NewSession()));
    }

    [Fact]
    public async Task Who_may_use_some_modes_uses_no_others_and_an_empty_list_is_all_of_them()
    {
        await using var runtime = await StartAsync();
        string session = Envelopes.NewSession();
        await runtime.AcceptsAsync("t-any", Envelopes.Start(session));
        await runtime.RefusesAsync("FORBIDDEN", "t.bob", Envelopes.Proposal(session));
        await runtime.RefusesAsync("FORBIDDEN", "t.bob", Envelopes.Start(Envelopes.NewSession()));
    }

    [Fact]
    public async Task Who_may_have_one_open_session_gets_the_next_when_that_has_ended()
    {
        await using var runtime = await StartAsync();
        string session = Envelopes.NewSession();
        await runtime.AcceptsAsync("t-ini", Envelopes.Start(session));
        await runtime.RefusesAsync("RATE_LIMITED", "t-ini", Envelopes.Start(Envelopes.NewSession()));
        Assert.True((await runtime.CancelAsync("t-ini", session)).Ok);
        await runtime.AcceptsAsync("t-ini", Envelopes.Start(Envelopes.NewSession()));
    }

    [Fact]
    public async Task An_observer_reads_every_session_and_sends_in_none()
    {
        await using var runtime = await StartAsync();
        string session = Envelopes.NewSession();
        await runtime.AcceptsAsync("t-ini", Envelopes.Start(session));
        Assert.Equal(session, (await runtime.MetadataAsync(session, "t-eye")).SessionId);
        await runtime.RefusesAsync("FORBIDDEN", "t-eye", Envelopes.Proposal(session));
        await runtime.Channel.UnaryAsync(Rpc.GetSession, new() { SessionId = session }, Rpc.As("t-root")).FailsWith(GrpcStatusCode.PermissionDenied);
    }

    [Fact]
    public async Task Who_manages_the_registries_changes_them_and_nobody_else_does()
    {
        await using var runtime = await StartAsync();
        var request = new RegisterPolicyRequest { PolicyDescriptor = new() { PolicyId = "policy.test", Mode = "*", SchemaVersion = 3, Rules = "{}" } };
        await runtime.Channel.UnaryAsync(RegisterPolicy, request, Rpc.As("t-ini")).FailsWith(GrpcStatusCode.PermissionDenied);
        var answer = await runtime.Channel.UnaryAsync(RegisterPolicy, request, Rpc.As("t-root")).Happens();
        Assert.True(answer.Ok, answer.Error);
    }

    [Fact]
    public async Task A_refused_credential_is_logged_without_it_and_none_is_not()
    {
        var notebook = new Notebook();
        await using var runtime = await StartAsync(notebook.Opened);
        await runtime.SendAsync("guessed-secret", Envelopes.Start(Envelopes.NewSession()));
        await runtime.SendAsync((string?)null, Envelopes.Start(Envelopes.NewSession()));
        await runtime.SendAsync("t-ini", Envelopes.Start(Envelopes.NewSession()));

        var refused = Assert.Single(notebook.Notes, note => note.Id == 20);
        Assert.Matches("^A credential from 127\\.0\\.0\\.1:[0-9]+ was refused: it is nobody's$", refused.Text);
        Assert.DoesNotContain(notebook.Notes, note => note.Text.Contains("guessed", StringComparison.Ordinal) || note.Text.Contains("t-ini", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_host_may_keep_its_tokens_elsewhere()
    {
        await using var runtime = await StartAsync(services => services.AddSingleton<ITokenSource, Vault>());
        await runtime.AcceptsAsync("vault:ini", Envelopes.Start(Envelopes.NewSession()));
        await runtime.RefusesAsync("UNAUTHENTICATED", "t-ini", Envelopes.Start(Envelopes.NewSession()));
    }

    [Fact]
    public async Task An_authorizer_has_the_last_word_about_what_a_credential_grants()
    {
        await using var runtime = await StartAsync(services => services.AddSingleton<IAuthorizer, Landlord>());
        await runtime.AcceptsAsync("t-alice", Envelopes.Start(Envelopes.NewSession()));
        await runtime.RefusesAsync("FORBIDDEN", "t-any", Envelopes.Start(Envelopes.NewSession()));
        await runtime.RefusesAsync("UNAUTHENTICATED", "t-ini", Envelopes.Start(Envelopes.NewSession()));
        await runtime.RefusesAsync("UNAUTHENTICATED", "unknown", Envelopes.Start(Envelopes.NewSession()));
    }

    sealed class Vault : ITokenSource
    {
        public async ValueTask<Identity?> FindAsync(string token, GrpcServerCall call)
        {
            await Task.Yield();
            return token.StartsWith("vault:", StringComparison.Ordinal) ? new(token["vault:".Length..]) : null;
        }
    }

    sealed class Landlord : IAuthorizer
    {
        public ValueTask<Identity?> AuthorizeAsync(Identity identity, GrpcServerCall call) =>
            new(identity.Sender == "ini" ? null : identity with { CanStartSessions = identity.Sender == "alice" });
    }
}
