namespace Macp.Client.Tests;

public class CredentialTests
{
    static readonly MacpAuth Alice = MacpAuth.DevAgent("alice"), Bob = MacpAuth.DevAgent("bob"), Carol = MacpAuth.DevAgent("carol");

    [Fact]
    public async Task The_calls_credential_counts_before_the_sessions_and_that_before_the_clients()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);

        await new NoteSession(client).NoteAsync("by the client's");
        await new NoteSession(client, new() { Auth = Bob }).NoteAsync("by the session's");
        await new NoteSession(client, new() { Auth = Bob }).NoteAsync("by the call's", new() { Auth = Carol });

        Assert.Equal(["Bearer alice", "Bearer bob", "Bearer carol"], runtime.Credentials);
        Assert.Equal(["alice", "bob", "carol"], runtime.Sent.Select(e => e.Sender));
    }

    [Fact]
    public async Task Lifecycle_calls_metadata_and_streams_use_the_sessions_credential_too()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        var session = new NoteSession(client, new() { Auth = Bob });

        await session.CancelAsync();
        await session.SuspendAsync();
        await session.ResumeAsync();
        await session.MetadataAsync();
        await foreach (var _ in session.FollowAsync()) { }

        Assert.Equal(Enumerable.Repeat("Bearer bob", 5), runtime.Credentials);
    }

    [Fact]
    public async Task Without_a_credential_a_call_that_needs_one_says_so_and_nothing_is_sent()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect();
        var session = new NoteSession(client);

        var e = await Assert.ThrowsAsync<MacpConfigurationException>(() => session.NoteAsync("hello"));
        await Assert.ThrowsAsync<MacpConfigurationException>(() => session.MetadataAsync());
        await Assert.ThrowsAsync<MacpConfigurationException>(() => session.CancelAsync());
        await Assert.ThrowsAsync<MacpConfigurationException>(() => client.OpenStreamAsync());

        Assert.Contains("Send needs a credential", e.Message);
        Assert.Empty(runtime.Credentials);
    }

    [Fact]
    public async Task Discovery_needs_no_credential_but_sends_the_one_it_has()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var anonymous = runtime.Connect();
        await using var known = runtime.Connect(Alice);

        await anonymous.InitializeAsync();
        await anonymous.ListModesAsync();
        await known.GetManifestAsync("x");
        await known.ListModesAsync(new() { Auth = Bob });

        Assert.Equal([null, null, "Bearer alice", "Bearer bob"], runtime.Credentials);
    }

    [Fact]
    public async Task A_sender_that_the_credential_is_not_for_is_refused_before_the_wire()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);

        var e = await Assert.ThrowsAsync<MacpIdentityMismatchException>(() => new NoteSession(client).NoteAsync("hi", new() { Sender = "mallory" }));
        await Assert.ThrowsAsync<MacpIdentityMismatchException>(() => client.SendAsync(Notes.Note("s", "mallory", "raw")));
        await Assert.ThrowsAsync<MacpIdentityMismatchException>(() => client.SendSignalAsync(new("ping"), new() { Sender = "mallory" }));
        await using var stream = await client.OpenStreamAsync();
        await Assert.ThrowsAsync<MacpIdentityMismatchException>(async () => await stream.SendAsync(Notes.Note("s", "mallory", "streamed")));

        Assert.Equal(("alice", "mallory"), (e.ExpectedSender, e.ActualSender));
        Assert.Empty(runtime.Sent);
    }

    [Fact]
    public async Task The_guard_is_that_of_the_effective_credential_and_can_be_left_off()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);
        var session = new NoteSession(client);

        await session.NoteAsync("as bob", new() { Auth = Bob, Sender = "bob" });
        await session.NoteAsync("unguarded", new() { Auth = MacpAuth.DevAgent("alice", guard: false), Sender = "mallory" });
        await session.NoteAsync("token", new() { Auth = MacpAuth.Bearer("t0k3n"), Sender = "anyone" });

        Assert.Equal(["bob", "mallory", "anyone"], runtime.Sent.Select(e => e.Sender));
    }

    [Fact]
    public async Task An_unnamed_sender_is_the_expected_one_or_the_hinted_one_or_left_to_the_runtime()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(MacpAuth.Bearer("opaque"));
        var session = new NoteSession(client);
        MacpCallOptions expected = new() { Auth = MacpAuth.Bearer("t", expectedSender: "alice") }, hinted = new() { Auth = MacpAuth.Bearer("t", senderHint: "bob") },
            both = new() { Auth = MacpAuth.Bearer("t", "carol", "not-carol") };

        Assert.Equal(["alice", "bob", "carol", ""], [session.Sender(expected), session.Sender(hinted), session.Sender(both), session.Sender()]);
        await session.NoteAsync("whoever I am");
        Assert.Equal("", Assert.Single(runtime.Sent).Sender);
    }

    [Fact]
    public async Task A_rotating_token_is_asked_for_with_every_call()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        int asked = 0;
        await using var client = runtime.Connect(MacpAuth.Bearer(_ => ValueTask.FromResult($"token-{++asked}")));

        await client.GetSessionAsync("one");
        await client.GetSessionAsync("two");

        Assert.Equal(["Bearer token-1", "Bearer token-2"], runtime.Credentials);
    }

    [Fact]
    public async Task A_token_provider_that_fails_is_named_and_nothing_is_sent()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(MacpAuth.Bearer(_ => throw new InvalidOperationException("vault is sealed")));

        var e = await Assert.ThrowsAsync<MacpConfigurationException>(() => client.GetSessionAsync("s"));

        Assert.Equal("vault is sealed", e.InnerException!.Message);
        Assert.Empty(runtime.Credentials);
    }

    [Fact]
    public void A_credential_never_prints_its_token()
    {
        var auth = MacpAuth.Bearer("s3cr3t", expectedSender: "alice");

        Assert.DoesNotContain("s3cr3t", auth.ToString());
        Assert.DoesNotContain("s3cr3t", new MacpClientOptions { Endpoint = new("https://x"), Auth = auth }.ToString());
        Assert.DoesNotContain("s3cr3t", new SessionOptions { Auth = auth }.ToString());
        Assert.DoesNotContain("s3cr3t", new MacpCallOptions { Auth = auth }.ToString());
    }

    [Theory, InlineData(""), InlineData("  "), InlineData("line\nbreak"), InlineData("schlüssel"), InlineData(" padded")]
    public void A_token_that_cannot_travel_is_refused_without_being_quoted(string token)
    {
        var e = Assert.Throws<MacpConfigurationException>(() => MacpAuth.Bearer(token));
        if (token.Trim().Length != 0) Assert.DoesNotContain(token.Trim(), e.Message);
    }

    [Fact]
    public async Task A_call_may_add_headers_but_not_the_credential()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(Alice);

        await client.GetSessionAsync("s", new() { Headers = new Dictionary<string, string> { ["x-tenant"] = "blue" } });

        Assert.Equal("blue", runtime.Headers.Single().Get("x-tenant"));
        foreach (string key in (string[])["Authorization", "grpc-timeout", "no spaces", "x-bytes-bin"])
            await Assert.ThrowsAsync<MacpConfigurationException>(() => client.GetSessionAsync("s", new() { Headers = new Dictionary<string, string> { [key] = "x" } }));
    }
}
