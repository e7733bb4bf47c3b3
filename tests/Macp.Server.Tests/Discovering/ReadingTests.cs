using Macp.Grpc;
using Macp.Server.Authentication;
using Macp.Wire.V1;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Server.Tests;

/// <summary>Who may read a session, the same everywhere (decisions 18 and 24).</summary>
public sealed class ReadingTests
{
    [Theory]
    [InlineData("ini")]
    [InlineData("alice")]
    [InlineData("judge")]
    [InlineData("olga")]
    public async Task Initiator_participants_designated_committers_and_observers_may(string reader)
    {
        await using var runtime = await StartAsync();
        await using var watch = await runtime.WatchAsync(Rpc.WatchSessions, reader);
        string session = await OpenAsync(runtime);

        Assert.Equal(session, (await runtime.MetadataAsync(session, reader)).SessionId);
        Assert.Equal([[session]], await runtime.PagesAsync(reader));
        Assert.Equal(session, (await watch.NextAsync()).Event.Session.SessionId);
        await using var stream = runtime.Stream(reader);
        await stream.SubscribeAsync(session);
        Assert.Equal("SessionStart", (await stream.NextAsync())!.Envelope.MessageType);
    }

    [Theory]
    [InlineData("mallory")]
    [InlineData("ops")]
    public async Task Outsiders_and_those_who_manage_registries_may_not(string reader)
    {
        await using var runtime = await StartAsync();
        await using var watch = await runtime.WatchAsync(Rpc.WatchSessions, reader);
        string session = await OpenAsync(runtime), own = Envelopes.NewSession();

        Assert.StartsWith("FORBIDDEN:", await runtime.MetadataAsync(session, reader).FailsWith(GrpcStatusCode.PermissionDenied), StringComparison.Ordinal);
        Assert.Equal([[]], await runtime.PagesAsync(reader, 0, ("macp-include-finished", "1")));
        await using var stream = runtime.Stream(reader);
        await stream.SubscribeAsync(session);
        await stream.RefusesAsync("FORBIDDEN");
        await runtime.AcceptsAsync(reader, Envelopes.Start(own));
        Assert.Equal(own, (await watch.NextAsync()).Event.Session.SessionId);
    }

    [Fact]
    public async Task An_observer_reads_and_does_nothing_else()
    {
        await using var runtime = await StartAsync();
        string session = await OpenAsync(runtime);
        await runtime.AcceptsAsync("alice", Envelopes.Proposal(session));
        string before = await runtime.TracesAsync(session);
        await using var stream = runtime.Stream("olga");
        await stream.SubscribeAsync(session, 1);
        Assert.Equal("Proposal", (await stream.NextAsync())!.Envelope.MessageType);

        await stream.SendAsync(Envelopes.Evaluation(session));
        await stream.RefusesAsync("FORBIDDEN");
        await runtime.RefusesAsync("FORBIDDEN", "olga", Envelopes.Commitment(session));
        await runtime.CancelAsync("olga", session).FailsWith(GrpcStatusCode.PermissionDenied);

        Assert.Equal(before, await runtime.TracesAsync(session));
        await runtime.AcceptsAsync("bob", Envelopes.Evaluation(session, id: "e"));
        await stream.DeliversAsync("e");
    }

    static Task<TestRuntime> StartAsync() => TestRuntime.StartAsync(
        new() { Policies = [Designating] }, services => services.AddSingleton<IAuthenticator, Town>());

    static Task<string> OpenAsync(TestRuntime runtime) => runtime.OpenAsync(start => start.PolicyVersion = Designating.PolicyId);

    static readonly PolicyDescriptor Designating = new()
    {
        PolicyId = "policy.judged", Mode = "*", SchemaVersion = 3, Rules = """{"commitment":{"authority":"designated_role","designated_roles":["judge"]}}""",
    };
}
