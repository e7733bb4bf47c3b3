using Macp.Grpc;
using Macp.Server.Authentication;
using Macp.Runtime;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Server.Tests;

/// <summary>Where the caller's name comes from (runtime-semantics 7.1), and what a missing one means for each method.</summary>
public sealed class CredentialTests
{
    [Theory]
    [InlineData("authorization", "Bearer alice", true)]
    [InlineData("x-macp-token", "alice", true)]
    [InlineData("authorization", "bearer alice", false)]
    [InlineData("authorization", "BEARER alice", false)]
    [InlineData("authorization", "Basic alice", false)]
    [InlineData("authorization", "alice", false)]
    [InlineData("x-macp-agent-id", "alice", false)]
    public async Task A_token_is_read_from_these_headers_only(string header, string value, bool isRead)
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync();

        var ack = await runtime.SendAsync(Rpc.As(null, (header, value)), Envelopes.Proposal(session));

        Assert.Equal(isRead, ack.Ok);
        if (!isRead) Assert.Equal("UNAUTHENTICATED", ack.Error.Code);
    }

    [Fact]
    public async Task An_authorization_of_another_scheme_falls_through_to_the_token_header()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync();
        Assert.True((await runtime.SendAsync(Rpc.As(null, ("authorization", "bearer mallory"), ("x-macp-token", "alice")), Envelopes.Proposal(session))).Ok);
    }

    [Fact]
    public async Task A_bearer_token_wins_over_the_token_header()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync();
        Assert.Equal("FORBIDDEN", (await runtime.SendAsync(Rpc.As("mallory", ("x-macp-token", "alice")), Envelopes.Proposal(session))).Error.Code);
    }

    [Fact]
    public async Task The_token_becomes_the_sender_verbatim()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync(start => start.Participants.Add("agent://team.x/a b"));
        await runtime.AcceptsAsync("agent://team.x/a b", Envelopes.Proposal(session).With(e => e.Sender = "agent://team.x/a b"));
        Assert.Contains((await runtime.MetadataAsync(session)).ParticipantActivity, a => a.ParticipantId == "agent://team.x/a b");
    }

    [Fact]
    public async Task A_missing_credential_is_a_nack_of_Send_and_a_status_of_everything_else()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync();
        var nobody = Rpc.As(null);

        await runtime.RefusesAsync("UNAUTHENTICATED", null, Envelopes.Proposal(session));
        await runtime.Channel.UnaryAsync(Rpc.GetSession, new() { SessionId = session }, nobody).FailsWith(GrpcStatusCode.Unauthenticated);
        await runtime.Channel.UnaryAsync(Rpc.CancelSession, new() { SessionId = session }, nobody).FailsWith(GrpcStatusCode.Unauthenticated);
        await runtime.Channel.UnaryAsync(Rpc.SuspendSession, new() { SessionId = "unknown" }, nobody).FailsWith(GrpcStatusCode.Unauthenticated);
        await runtime.Channel.UnaryAsync(Rpc.ResumeSession, new() { SessionId = "unknown" }, nobody).FailsWith(GrpcStatusCode.Unauthenticated);
        await using var stream = runtime.Stream(null);
        await stream.EndsWithAsync(GrpcStatusCode.Unauthenticated);
    }

    [Fact]
    public async Task A_request_without_an_envelope_is_invalid_whoever_sends_it()
    {
        await using var runtime = await TestRuntime.StartAsync();
        await runtime.Channel.UnaryAsync(Rpc.Send, new(), Rpc.As(null)).FailsWith(GrpcStatusCode.InvalidArgument);
        await runtime.Channel.UnaryAsync(Rpc.Send, new(), Rpc.As("alice")).FailsWith(GrpcStatusCode.InvalidArgument);
    }

    [Fact]
    public async Task An_authenticator_of_the_hosts_own_grants_what_it_says()
    {
        await using var runtime = await TestRuntime.StartAsync(configure: services => services.AddSingleton<IAuthenticator, Guild>());
        string session = Envelopes.NewSession();

        await runtime.RefusesAsync("UNAUTHENTICATED", "stranger", Envelopes.Start(session));
        await runtime.RefusesAsync("FORBIDDEN", "apprentice", Envelopes.Start(session));
        await runtime.RefusesAsync("FORBIDDEN", "specialist", Envelopes.Start(session));
        await runtime.AcceptsAsync("master", Envelopes.Start(session));
        await runtime.RefusesAsync("RATE_LIMITED", "master", Envelopes.Start(Envelopes.NewSession()));
        Assert.Equal(session, (await runtime.MetadataAsync(session, "inspector")).SessionId);
        await runtime.RefusesAsync("FORBIDDEN", "inspector", Envelopes.Proposal(session));
    }

    sealed class Guild : IAuthenticator
    {
        public ValueTask<Identity?> AuthenticateAsync(GrpcServerCall call) => new(call.Header("authorization")?["Bearer ".Length..] switch
        {
            "master" => new Identity("master") { MaxOpenSessions = 1 },
            "apprentice" => new Identity("apprentice") { CanStartSessions = false },
            "specialist" => new Identity("specialist") { AllowedModes = new HashSet<string> { "ext.other.v1" } },
            "inspector" => new Identity("inspector") { IsObserver = true },
            _ => null,
        });
    }
}
