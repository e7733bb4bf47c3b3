using System.Text.Json;
using Google.Protobuf;
using Macp.Protocol;

namespace Macp.Client.Tests;

public class SessionTests
{
    static readonly MacpAuth Alice = MacpAuth.DevAgent("alice");

    [Fact]
    public void A_session_has_a_fresh_id_and_the_protocols_default_versions()
    {
        var client = new MacpClient(MacpClientOptions.FromEndpoint("localhost:1"));
        NoteSession one = new(client), other = new(client);

        Assert.NotEqual(one.SessionId, other.SessionId);
        Assert.True(SessionIds.IsValid(one.SessionId));
        Assert.Equal(("1.0.0", "config.default", "policy.default"), (one.ModeVersion, one.ConfigurationVersion, one.PolicyVersion));
    }

    [Theory, InlineData(""), InlineData("short"), InlineData("6F9619FF-8B86-4011-B42D-00C04FC964FF"), InlineData("6f9619ff-8b86-1011-b42d-00c04fc964ff")]
    public void A_session_id_that_no_runtime_takes_is_refused(string id)
    {
        var client = new MacpClient(MacpClientOptions.FromEndpoint("localhost:1"));
        Assert.Equal(ErrorCode.InvalidSessionId, Assert.Throws<MacpSessionException>(() => new NoteSession(client, new() { SessionId = id })).Code);
    }

    [Fact]
    public async Task A_start_carries_everything_it_was_given()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        var session = new NoteSession(client, new() { ModeVersion = "2.0.0", ConfigurationVersion = "cfg", PolicyVersion = "pol" });

        await session.StartAsync(new()
        {
            Intent = "choose",
            Participants = ["bob", "alice"],
            TimeToLive = TimeSpan.FromSeconds(1.5),
            MaxSuspend = TimeSpan.FromMinutes(1),
            ContextId = "ctx",
            Context = "hello",
            Extensions = new Dictionary<string, ByteString> { ["z"] = ByteString.CopyFromUtf8("1"), ["a"] = ByteString.Empty },
            Roots = [new("file:///srv", "srv"), new("urn:x")],
        });

        var envelope = Assert.Single(runtime.Sent);
        Assert.Equal((session.SessionId, Notes.Mode, "SessionStart", "alice"), (envelope.SessionId, envelope.Mode, envelope.MessageType, envelope.Sender));
        Assert.Equal(new SessionStartPayload
        {
            Intent = "choose",
            Participants = { "bob", "alice" },
            TtlMs = 1_500,
            MaxSuspendMs = 60_000,
            ContextId = "ctx",
            ModeVersion = "2.0.0",
            ConfigurationVersion = "cfg",
            PolicyVersion = "pol",
            Extensions = { ["a"] = ByteString.Empty, ["z"] = ByteString.CopyFromUtf8("1"), ["x-context"] = ByteString.CopyFromUtf8("hello") },
            Roots = { new Root { Uri = "file:///srv", Name = "srv" }, new Root { Uri = "urn:x" } },
        }, SessionStartPayload.Parser.ParseFrom(envelope.Payload));
    }

    [Fact]
    public async Task The_same_start_makes_the_same_bytes_whatever_the_order_of_its_extensions()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        var start = NoteSession.Start("alice");
        var (x, y) = (ByteString.CopyFromUtf8("x"), ByteString.CopyFromUtf8("y"));

        await new NoteSession(client).StartAsync(start with { Extensions = new Dictionary<string, ByteString> { ["x"] = x, ["y"] = y } });
        await new NoteSession(client).StartAsync(start with { Extensions = new Dictionary<string, ByteString> { ["y"] = y, ["x"] = x } });

        Assert.Equal(runtime.Sent.First().Payload, runtime.Sent.Last().Payload);
    }

    [Fact]
    public async Task A_context_is_text_bytes_or_json_and_is_given_once()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        using var json = JsonDocument.Parse("""{ "a": [1] }""");
        StartContext[] contexts = ["tëxt", new byte[] { 1, 2 }, ByteString.CopyFrom(3), json.RootElement];

        foreach (var context in contexts) await new NoteSession(client).StartAsync(NoteSession.Start("alice") with { Context = context });

        Assert.Equal(
            [ByteString.CopyFromUtf8("tëxt"), ByteString.CopyFrom(1, 2), ByteString.CopyFrom(3), ByteString.CopyFromUtf8("""{ "a": [1] }""")],
            runtime.Sent.Select(e => SessionStartPayload.Parser.ParseFrom(e.Payload).Extensions["x-context"]));
        var twice = NoteSession.Start("alice") with { Context = "a", Extensions = new Dictionary<string, ByteString> { ["x-context"] = ByteString.Empty } };
        await Assert.ThrowsAsync<MacpSessionException>(() => new NoteSession(client).StartAsync(twice));
    }

    public static TheoryData<string, SessionStartOptions> WrongStarts => new()
    {
        { "intent", NoteSession.Start("alice") with { Intent = " " } },
        { "participants", NoteSession.Start() },
        { "blank", NoteSession.Start("alice", " ") },
        { "twice", NoteSession.Start("alice", "bob", "alice ") },
        { "1000", NoteSession.Start([.. Enumerable.Range(0, 1001).Select(i => $"p{i}")]) },
        { "ttl_ms", NoteSession.Start("alice") with { TimeToLive = TimeSpan.Zero } },
        { "ttl_ms", NoteSession.Start("alice") with { TimeToLive = TimeSpan.FromMilliseconds(0.9) } },
        { "ttl_ms", NoteSession.Start("alice") with { TimeToLive = TimeSpan.FromMilliseconds(86_400_001) } },
        { "max_suspend_ms", NoteSession.Start("alice") with { MaxSuspend = TimeSpan.FromTicks(-1) } },
    };

    [Theory, MemberData(nameof(WrongStarts))]
    public async Task A_start_that_the_runtime_would_refuse_is_not_sent(string names, SessionStartOptions start)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);

        var e = await Assert.ThrowsAsync<MacpSessionException>(() => new NoteSession(client).StartAsync(start));

        Assert.Equal(ErrorCode.InvalidEnvelope, e.Code);
        Assert.Contains(names, e.Message);
        Assert.Empty(runtime.Sent);
        await new NoteSession(client).StartAsync(start, new() { ValidateLocally = false });
        Assert.Single(runtime.Sent);
    }

    [Theory, InlineData(1), InlineData(86_400_000)]
    public async Task The_shortest_and_the_longest_time_to_live_are_sent(long milliseconds)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);

        await new NoteSession(client).StartAsync(NoteSession.Start("alice") with { TimeToLive = TimeSpan.FromMilliseconds(milliseconds) });

        Assert.Equal(milliseconds, SessionStartPayload.Parser.ParseFrom(runtime.Sent.Single().Payload).TtlMs);
    }

    [Fact]
    public async Task Versions_must_not_be_blank()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);

        await Assert.ThrowsAsync<MacpSessionException>(() => new NoteSession(client, new() { ModeVersion = "" }).StartAsync(NoteSession.Start("alice")));
        await Assert.ThrowsAsync<MacpSessionException>(() => new NoteSession(client, new() { ConfigurationVersion = "" }).StartAsync(NoteSession.Start("alice")));
        await new NoteSession(client, new() { PolicyVersion = "" }).StartAsync(NoteSession.Start("alice"));

        Assert.Single(runtime.Sent);
    }

    [Fact]
    public async Task A_commitment_binds_the_sessions_versions()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        var session = new NoteSession(client, new() { ModeVersion = "2.0.0", ConfigurationVersion = "cfg", PolicyVersion = "pol" });
        await session.StartAsync(NoteSession.Start("alice"));

        await session.CommitAsync(new() { Action = "notes.taken", AuthorityScope = "team", Reason = "done", CommitmentId = "c1" });

        var envelope = runtime.Sent.Last();
        Assert.Equal("Commitment", envelope.MessageType);
        Assert.Equal(new CommitmentPayload
        {
            CommitmentId = "c1", Action = "notes.taken", AuthorityScope = "team", Reason = "done",
            ModeVersion = "2.0.0", ConfigurationVersion = "cfg", PolicyVersion = "pol", OutcomePositive = true,
        }, CommitmentPayload.Parser.ParseFrom(envelope.Payload));
        Assert.True(session.Projection.IsCommitted);
        Assert.Equal(NotePhase.Committed, session.Projection.Phase);
    }

    [Fact]
    public async Task Who_joined_commits_under_the_versions_that_the_start_bound()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        var joined = new NoteSession(client);
        var start = new SessionStartPayload { Intent = "i", TtlMs = 1, ModeVersion = "3.0.0", ConfigurationVersion = "theirs", PolicyVersion = "their-policy", Participants = { "alice" } };
        joined.Projection.Apply(client.CreateEnvelope(Notes.Mode, joined.SessionId, "SessionStart", start, "bob"));

        await joined.CommitAsync(new() { Action = "notes.taken", AuthorityScope = "team", Reason = "done" });

        var commitment = CommitmentPayload.Parser.ParseFrom(runtime.Sent.Single().Payload);
        Assert.Equal(("3.0.0", "theirs", "their-policy"), (commitment.ModeVersion, commitment.ConfigurationVersion, commitment.PolicyVersion));
        Assert.True(Guid.TryParseExact(commitment.CommitmentId, "D", out _));
    }

    [Theory]
    [InlineData("x.rejected", null, false)]
    [InlineData("x.failed", null, false)]
    [InlineData("x.declined", false, false)]
    [InlineData("x.approved", null, true)]
    [InlineData("neutral", null, true)]
    [InlineData("neutral", false, false)]
    public async Task The_actions_ending_says_the_sign_where_the_caller_does_not(string action, bool? given, bool sent)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);

        await new NoteSession(client).CommitAsync(new() { Action = action, AuthorityScope = "team", Reason = "done", OutcomePositive = given });

        Assert.Equal(sent, CommitmentPayload.Parser.ParseFrom(runtime.Sent.Single().Payload).OutcomePositive);
    }

    public static TheoryData<string, CommitOptions> WrongCommitments
    {
        get
        {
            var commit = new CommitOptions { Action = "a", AuthorityScope = "s", Reason = "r" };
            return new()
            {
                { "action", commit with { Action = "" } },
                { "authority_scope", commit with { AuthorityScope = " " } },
                { "reason", commit with { Reason = "" } },
                { "commitment_id", commit with { CommitmentId = "" } },
                { "outcome_positive = false", commit with { Action = "x.rejected", OutcomePositive = true } },
                { "outcome_positive = true", commit with { Action = "x.approved", OutcomePositive = false } },
                { "supersedes.session_id", commit with { Supersedes = new("", "sha256:" + new string('0', 64)) } },
                { "supersedes.commitment_hash", commit with { Supersedes = new("s", "deadbeef") } },
            };
        }
    }

    [Theory, MemberData(nameof(WrongCommitments))]
    public async Task A_commitment_that_the_runtime_would_refuse_is_not_sent(string names, CommitOptions commit)
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);

        Assert.Contains(names, (await Assert.ThrowsAsync<MacpSessionException>(() => new NoteSession(client).CommitAsync(commit))).Message);
        Assert.Empty(runtime.Sent);
    }

    [Fact]
    public async Task A_commitment_may_supersede_another_ones_by_its_hash()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        var old = new CommitmentPayload { CommitmentId = "old", Action = "a" };

        await new NoteSession(client).CommitAsync(new() { Action = "b", AuthorityScope = "s", Reason = "r", Supersedes = SupersededCommitment.Of("old-session", old) });

        Assert.Equal(new CommitmentRef { SessionId = "old-session", CommitmentHash = CommitmentHash.Compute(old) },
            CommitmentPayload.Parser.ParseFrom(runtime.Sent.Single().Payload).Supersedes);
    }

    [Fact]
    public async Task What_the_modes_validator_finds_is_thrown_before_the_wire_unless_that_is_waived()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        var session = new NoteSession(client);

        var e = await Assert.ThrowsAsync<MacpSessionException>(() => session.NoteAsync(""));
        Assert.Equal(Modes.Refuse.Blank("text"), e.Rejection);
        Assert.Empty(runtime.Sent);

        await session.NoteAsync("", new() { ValidateLocally = false });
        Assert.Single(runtime.Sent);
    }

    [Fact]
    public async Task A_payload_above_the_limit_and_an_id_of_the_runtimes_are_not_sent()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice, o => o with { MaxPayloadBytes = 100 });
        var session = new NoteSession(client);

        Assert.Equal(ErrorCode.PayloadTooLarge, (await Assert.ThrowsAsync<MacpSessionException>(() => session.NoteAsync(new string('x', 200)))).Code);
        await Assert.ThrowsAsync<MacpSessionException>(() => session.NoteAsync("x", new() { MessageId = "implicit-accept:1" }));
        await Assert.ThrowsAsync<MacpSessionException>(() => session.NoteAsync("x", new() { MessageId = "" }));
        Assert.Empty(runtime.Sent);
    }

    [Fact]
    public async Task Only_what_was_accepted_enters_the_projection()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        var session = new NoteSession(client);
        runtime.OnSend = (r, _) => ValueTask.FromResult(FakeRuntime.Refuse(r.Envelope, "INVALID_ENVELOPE"));

        await Assert.ThrowsAsync<MacpNackException>(() => session.NoteAsync("thrown"));
        await session.NoteAsync("returned", new() { ThrowOnNack = false });
        Assert.Empty(session.Projection.Transcript);

        runtime.OnSend = (r, _) => ValueTask.FromResult(FakeRuntime.Accept(r.Envelope));
        await session.NoteAsync("accepted");
        Assert.Equal(["alice: accepted"], session.Projection.Notes);
    }

    [Fact]
    public async Task A_message_sent_twice_is_in_the_projection_once()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        var session = new NoteSession(client);

        await session.NoteAsync("once", new() { MessageId = "m1" });
        runtime.OnSend = (r, _) => ValueTask.FromResult(FakeRuntime.Duplicate(r.Envelope));
        await session.NoteAsync("once", new() { MessageId = "m1" });
        await session.NoteAsync("from an earlier run", new() { MessageId = "m0" });

        Assert.Equal(["alice: once", "alice: from an earlier run"], session.Projection.Notes);
    }

    [Fact]
    public async Task Several_agents_share_a_session_by_their_credentials()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        var session = new NoteSession(client);

        await session.StartAsync(NoteSession.Start("alice", "bob"));
        await session.NoteAsync("one");
        await session.NoteAsync("two", new() { Auth = MacpAuth.DevAgent("bob") });

        Assert.Equal("alice", session.Projection.Session!.Initiator);
        Assert.Equal(["alice: one", "bob: two"], session.Projection.Notes);
    }

    [Fact]
    public async Task A_message_whose_sender_only_the_runtime_knows_waits_for_a_stream()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(MacpAuth.Bearer("opaque"));
        var session = new NoteSession(client);

        Assert.True((await session.NoteAsync("who am I")).Ok);

        Assert.Empty(session.Projection.Notes);
    }
}
