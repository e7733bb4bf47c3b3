using System.Text;
using Google.Protobuf;
using Macp.Grpc;
using Macp.Runtime;
using Macp.Server.Authentication;
using Macp.Server.Tests;
using Macp.Wire.V1;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Cli.Tests;

/// <summary>The faults that are known of the runtime which this one replaces (runtime-semantics 14.2): none of them is one of this runtime's.</summary>
public sealed class FaultsOfTheOlderRuntimeTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("macp-faults-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact] // row 1
    public async Task A_non_member_reads_no_live_session()
    {
        await using var runtime = await InTownAsync();
        string session = await runtime.DeliberateAsync();
        await using var stream = runtime.Stream("mallory");
        await stream.SendAsync(Envelopes.Evaluation(session));
        await stream.RefusesAsync("FORBIDDEN");
        await stream.SubscribeAsync(session);
        await stream.RefusesAsync("FORBIDDEN");
        await runtime.AcceptsAsync("alice", Envelopes.Evaluation(session));
        await stream.CompleteAsync();
        await stream.EndsAsync();
        await runtime.MetadataAsync(session, "mallory").FailsWith(GrpcStatusCode.PermissionDenied);
    }

    [Fact]
    public async Task A_listing_shows_nobody_what_is_not_for_them()
    {
        await using var runtime = await InTownAsync();
        string theirs = await runtime.OpenAsync(), own = Envelopes.NewSession();
        await runtime.AcceptsAsync("mallory", Envelopes.Start(own));
        await using var watch = await runtime.WatchAsync(Rpc.WatchSessions, "mallory");
        await runtime.CancelAsync("ini", theirs);
        Assert.Equal([[own]], await runtime.PagesAsync("mallory", 0, ("macp-include-finished", "1")));
        Assert.Equal(own, (await watch.NextAsync()).Event.Session.SessionId);
        await runtime.CancelAsync("mallory", own);
        Assert.Equal(own, (await watch.NextAsync()).Event.Session.SessionId);
    }

    [Fact] // row 14
    public async Task No_watch_goes_without_authentication()
    {
        await using var runtime = await TestRuntime.StartAsync();
        await RefusesNobodyAsync(Rpc.WatchSessions);
        await RefusesNobodyAsync(Rpc.WatchSignals);
        await RefusesNobodyAsync(Rpc.WatchModeRegistry);
        await RefusesNobodyAsync(Rpc.WatchPolicies);
        await RefusesNobodyAsync(Rpc.Of<WatchRootsRequest, WatchRootsResponse>("WatchRoots"));

        async Task RefusesNobodyAsync<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method)
            where TRequest : class, IMessage<TRequest>, IBufferMessage, new()
            where TResponse : class, IMessage<TResponse>, IBufferMessage
        {
            await using var watch = await runtime.WatchAsync(method, null);
            await watch.EndsWithAsync(GrpcStatusCode.Unauthenticated);
        }
    }

    [Fact] // row 3
    public async Task A_NaN_does_not_brick_a_session()
    {
        string session;
        await using (var before = await KeptAsync())
        {
            session = await before.DeliberateAsync();
            foreach (double number in (double[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity])
                await before.RefusesAsync("INVALID_ENVELOPE", "alice", Envelopes.Evaluation(session, confidence: number));
            await before.AcceptsAsync("alice", Envelopes.Evaluation(session));
        }
        await using var runtime = await KeptAsync();
        await runtime.AcceptsAsync("ini", Envelopes.Commitment(session));
    }

    [Fact] // row 16
    public async Task A_token_without_an_issuer_or_an_audience_does_not_pass()
    {
        var key = SigningKey.Ec();
        await using var runtime = await TestRuntime.StartAsync(authentication: new() { Jwt = new() { Issuer = SigningKey.Issuer, KeysJson = SigningKey.Set(key) } });
        await runtime.AcceptsAsync(key.Token(), Envelopes.Start(Envelopes.NewSession()));
        foreach (string claim in (string[])["iss", "aud"])
            await runtime.RefusesAsync("UNAUTHENTICATED", key.Token(claims => claims.Remove(claim)), Envelopes.Start(Envelopes.NewSession()));
    }

    [Fact] // row 16
    public async Task A_key_that_the_issuer_adds_is_fetched_when_a_token_needs_it()
    {
        SigningKey old = SigningKey.Ec("old"), added = SigningKey.Ec("added");
        await using var keys = await KeyServer.StartAsync(old);
        await using var runtime = await TestRuntime.StartAsync(authentication: new() { Jwt = new() { Issuer = SigningKey.Issuer, KeysUrl = keys.Url } });
        await runtime.AcceptsAsync(old.Token(), Envelopes.Start(Envelopes.NewSession()));
        keys.Publish(old, added);
        runtime.Time.Advance(TimeSpan.FromSeconds(10)); // soon after, and long before the old ones are due again
        await runtime.AcceptsAsync(added.Token(), Envelopes.Start(Envelopes.NewSession()));
    }

    [Fact]
    public async Task Policies_and_extension_modes_do_not_vanish_on_restart()
    {
        string session = Envelopes.NewSession();
        await using (var before = await KeptAsync())
        {
            await before.RegisterAsync(Unanimity.Policy);
            await before.RegisterAsync(Standup.Descriptor());
            await before.AcceptsAsync("ini", Standup.Start(session));
        }
        await using var runtime = await KeptAsync();
        Assert.Equal("unanimous", (await runtime.PolicyAsync(Unanimity.Id)).Description);
        await runtime.AcceptsAsync("ini", Standup.Start(Envelopes.NewSession()));
        await runtime.AcceptsAsync("alice", Envelopes.Of(session, "Status", mode: Standup.Mode));
    }

    [Fact] // row 9
    public async Task Ids_are_not_used_again_after_eviction()
    {
        var options = new MacpRuntimeOptions { FinishedSessionMemory = TimeSpan.FromSeconds(1), HistoryRetention = TimeSpan.FromHours(1) };
        string session;
        await using (var before = await KeptAsync(options))
        {
            session = await before.OpenAsync();
            await before.CancelAsync("ini", session);
            await ElapsesAsync(before, TimeSpan.FromMinutes(1)); // out of memory
            await before.RefusesAsync("SESSION_ALREADY_EXISTS", "ini", Envelopes.Start(session));
        }
        await using var runtime = await KeptAsync(options);
        await ElapsesAsync(runtime, TimeSpan.FromHours(2)); // and out of the history
        await runtime.MetadataAsync(session).FailsWith(GrpcStatusCode.OutOfRange);
        await runtime.RefusesAsync("SESSION_ALREADY_EXISTS", "ini", Envelopes.Start(session));
    }

    [Fact] // row 13
    public async Task A_suspended_session_expires_though_nobody_touches_it()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync(start => start.MaxSuspendMs = 1000);
        await runtime.SuspendAsync("ini", session);
        await using var watch = await runtime.WatchAsync(Rpc.WatchSessions, "alice");
        Assert.Equal(SessionState.Suspended, (await watch.NextAsync()).Event.Session.State);
        runtime.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal((session, SessionState.Expired), ((await watch.NextAsync()).Event.Session is var told ? told.SessionId : "", told.State));
    }

    [Fact] // row 18
    public async Task SIGTERM_is_not_ignored()
    {
        await using var server = await MacpProcess.ServeAsync();
        await using var client = ServeTests.Connect(server, "ann");
        var session = await ServeTests.StartAsync(client);
        await using var stream = await session.OpenStreamAsync(); // which does not hold it back
        server.Signal(MacpProcess.Terminate);
        Assert.Equal(new Invocation(0, "", ""), await server.EndAsync());
    }

    [Theory] // row 2
    [InlineData("{"), InlineData("[]"), InlineData("rules"), InlineData("""{"voting":{"algorithm":"majority"}}}""")]
    public async Task Malformed_rules_are_no_empty_rules(string rules)
    {
        await using var runtime = await TestRuntime.StartAsync();
        var answer = await runtime.TryPolicyAsync(new(Unanimity.Policy) { Rules = rules });
        Assert.False(answer.Ok);
        Assert.StartsWith("INVALID_POLICY_DEFINITION: ", answer.Error, StringComparison.Ordinal);
        await runtime.PolicyAsync(Unanimity.Id).FailsWith(GrpcStatusCode.NotFound);
    }

    [Fact] // row 4
    public async Task A_torn_end_of_the_log_takes_no_acknowledged_message_with_it()
    {
        string session, sound;
        long length;
        await using (var before = await KeptAsync())
        {
            session = await before.DeliberateAsync();
            (sound, length) = (await before.TracesAsync(session), new FileInfo(Segment).Length);
            await before.AcceptsAsync("alice", Envelopes.Evaluation(session, id: "torn"));
        }
        using (var file = File.OpenWrite(Segment)) file.SetLength(length + 20);
        string after;
        await using (var again = await KeptAsync())
        {
            Assert.Equal(sound, await again.TracesAsync(session));
            Assert.False((await again.AcceptsAsync("alice", Envelopes.Evaluation(session, id: "torn"))).Duplicate);
            after = await again.TracesAsync(session);
        }
        await using var runtime = await KeptAsync();
        Assert.Equal(after, await runtime.TracesAsync(session));
    }

    [Fact] // rows 4 and 9
    public async Task Damage_inside_of_the_log_is_not_skipped_and_frees_no_id()
    {
        string session;
        await using (var before = await KeptAsync())
        {
            session = await before.DeliberateAsync();
            await before.AcceptsAsync("alice", Envelopes.Evaluation(session, id: "about-to-be-damaged"));
            await before.AcceptsAsync("bob", Envelopes.Evaluation(session));
        }
        byte[] bytes = File.ReadAllBytes(Segment);
        bytes[bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes("about-to-be-damaged"))] ^= 1;
        File.WriteAllBytes(Segment, bytes);

        await using var runtime = await KeptAsync();
        await using var stream = runtime.Stream("ini");
        await stream.SubscribeAsync(session);
        foreach (string type in (string[])["SessionStart", "Proposal"]) Assert.Equal(type, (await stream.NextAsync())!.Envelope.MessageType);
        await stream.EndsWithAsync(GrpcStatusCode.Internal); // and no message that came after the one that is gone
        Assert.False((await runtime.SendAsync("carol", Envelopes.Evaluation(session))).Ok);
        Assert.False((await runtime.SendAsync("ini", Envelopes.Start(session))).Ok);
    }

    [Fact] // rows 5, 7 and 8
    public async Task A_restart_changes_neither_deadline_nor_policy_nor_activity()
    {
        string session = Envelopes.NewSession();
        SessionMetadata live;
        await using (var before = await KeptAsync())
        {
            await before.AcceptsAsync("ini", Envelopes.Start(session).With(e => e.TimestampUnixMs = before.Time.NowMs - 7_000));
            await before.AcceptsAsync("alice", Envelopes.Proposal(session));
            live = await before.MetadataAsync(session);
            var activity = Assert.Single(live.ParticipantActivity);
            Assert.Equal((before.Time.NowMs + 53_000, "policy.default", "alice", 1), (live.ExpiresAtUnixMs, live.PolicyVersion, activity.ParticipantId, (int)activity.MessageCount));
        }
        await using var runtime = await KeptAsync();
        Assert.Equal(live, await runtime.MetadataAsync(session));
    }

    [Fact] // row 6
    public async Task A_session_keeps_its_policy_though_that_was_taken_out_and_the_runtime_restarted()
    {
        string session;
        await using (var before = await KeptAsync())
        {
            await before.RegisterAsync(Unanimity.Policy);
            session = await before.OpenAsync(start => start.PolicyVersion = Unanimity.Id);
            await before.AcceptsAsync("alice", Envelopes.Proposal(session));
            await before.UnregisterPolicyAsync(Unanimity.Id);
        }
        await using var runtime = await KeptAsync();
        await runtime.PolicyAsync(Unanimity.Id).FailsWith(GrpcStatusCode.NotFound);
        Assert.Equal("POLICY_DENIED", (await CommitAsync()).Error.Code);
        foreach (string voter in (string[])["alice", "bob", "carol"]) await runtime.AcceptsAsync(voter, Envelopes.Vote(session));
        Assert.True((await CommitAsync()).Ok);

        Task<Ack> CommitAsync() => runtime.SendAsync("ini", Envelopes.Commitment(session, commitment => commitment.PolicyVersion = Unanimity.Id));
    }

    [Fact] // row 10
    public async Task A_duplicate_in_a_session_that_has_ended_does_not_kill_a_stream()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync();
        var proposal = Envelopes.Proposal(session);
        await runtime.AcceptsAsync("alice", proposal);
        await runtime.CancelAsync("ini", session);
        await using var stream = runtime.Stream("alice");
        await stream.SendAsync(proposal);
        await stream.CompleteAsync();
        await stream.EndsAsync();
    }

    [Fact] // row 11
    public async Task An_inline_error_tells_its_code_and_the_message_that_it_is_about()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        await using var stream = runtime.Stream("alice");
        await stream.SendAsync(Envelopes.Evaluation(session, proposal: "unknown", id: "the-wrong-one"));
        var error = await stream.RefusesAsync("INVALID_ENVELOPE");
        Assert.Equal(("the-wrong-one", session), (error.MessageId, error.SessionId));
    }

    [Fact] // row 12
    public async Task Retention_counts_from_the_end_of_a_session()
    {
        var options = new MacpRuntimeOptions { HistoryRetention = TimeSpan.FromHours(1) };
        string session;
        await using (var before = await KeptAsync(options))
        {
            session = await before.OpenAsync(start => start.TtlMs = 86_400_000);
            before.Time.Advance(TimeSpan.FromHours(20));
            await before.CancelAsync("ini", session);
        }
        await using var runtime = await KeptAsync(options);
        await ElapsesAsync(runtime, TimeSpan.FromHours(20.5));
        Assert.Equal(SessionState.Cancelled, (await runtime.MetadataAsync(session)).State);
        await ElapsesAsync(runtime, TimeSpan.FromHours(1));
        await runtime.MetadataAsync(session).FailsWith(GrpcStatusCode.OutOfRange);
    }

    [Fact] // row 15
    public async Task A_watch_of_a_registry_that_lags_does_not_end_and_learns_the_latest()
    {
        const int Changes = 80;
        await using var runtime = await TestRuntime.StartAsync();
        await using var watch = await runtime.WatchAsync(Rpc.WatchPolicies, "alice");
        // Nobody reads, and each list is larger than the one before: in all more than the windows of the connection.
        for (int i = 0; i < Changes; i++) await runtime.RegisterAsync(new(Unanimity.Policy) { PolicyId = $"policy.p{i}", Description = new('x', 4000) });
        await watch.BeforeAsync(told => told.Descriptors.Any(policy => policy.PolicyId == $"policy.p{Changes - 1}"));
        await runtime.RegisterAsync(Unanimity.Policy);
        await watch.BeforeAsync(told => told.Descriptors.Any(policy => policy.PolicyId == Unanimity.Id));
    }

    [Fact] // row 17
    public async Task A_finished_session_is_replayed_whole_by_a_runtime_that_keeps_histories()
    {
        string session;
        await using (var before = await KeptAsync())
        {
            session = await before.DeliberateAsync();
            await before.AcceptsAsync("ini", Envelopes.Commitment(session));
        }
        await using var runtime = await KeptAsync();
        await using var stream = runtime.Stream("bob");
        await stream.SubscribeAsync(session);
        Assert.Equal(["SessionStart", "Proposal", "Commitment"], (await stream.RestAsync()).Select(envelope => envelope.MessageType));
    }

    [Fact] // row 20
    public async Task A_timestamp_of_the_far_future_does_not_extend_a_session()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = Envelopes.NewSession();
        await runtime.AcceptsAsync("ini", Envelopes.Start(session).With(e => e.TimestampUnixMs = runtime.Time.NowMs + 86_400_000));
        Assert.Equal(runtime.Time.NowMs + 60_000, (await runtime.MetadataAsync(session)).ExpiresAtUnixMs);
    }

    string Segment => Path.Combine(_folder, "000000000001.segment");

    /// <summary>A runtime whose callers have no right but that to take part.</summary>
    static Task<TestRuntime> InTownAsync() => TestRuntime.StartAsync(configure: services => services.AddSingleton<IAuthenticator, Town>());

    /// <summary>A runtime that keeps its histories in the test's folder; each begins at the same time.</summary>
    Task<TestRuntime> KeptAsync(MacpRuntimeOptions? options = null) => TestRuntime.StartAsync(options, data: _folder);

    static async Task ElapsesAsync(TestRuntime runtime, TimeSpan time)
    {
        runtime.Time.Advance(time);
        await runtime.Host.Runtime.SweepAsync();
    }
}
