using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Macp.Server.Tests;

/// <summary>JWTs over the wire, with keys that the issuer publishes and changes.</summary>
public sealed class JwtCallTests
{
    static readonly SigningKey First = SigningKey.Rsa("first"), Second = SigningKey.Ec("second");

    static MacpAuthenticationOptions By(KeyServer keys) => new() { Jwt = new() { Issuer = SigningKey.Issuer, KeysUrl = keys.Url } };

    [Fact]
    public async Task Keys_are_asked_for_when_a_token_needs_them_and_once()
    {
        await using var keys = await KeyServer.StartAsync(First);
        await using var runtime = await TestRuntime.StartAsync(authentication: By(keys));
        Assert.Equal(0, keys.Requests);

        string token = First.Token();
        var acks = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => runtime.SendAsync(token, Envelopes.Start(Envelopes.NewSession()))));

        Assert.All(acks, ack => Assert.True(ack.Ok, ack.Error?.Message));
        Assert.Equal(1, keys.Requests);
    }

    [Fact]
    public async Task The_scopes_of_a_token_hold_for_its_calls()
    {
        await using var keys = await KeyServer.StartAsync(First);
        await using var runtime = await TestRuntime.StartAsync(authentication: By(keys));
        string session = Envelopes.NewSession();
        await runtime.AcceptsAsync(First.Token(claims => claims["sub"] = "ini"), Envelopes.Start(session));
        await runtime.RefusesAsync("FORBIDDEN", First.Token(claims => claims["macp_scopes"] = JsonNode.Parse("""{"can_start_sessions":false}""")), Envelopes.Start(Envelopes.NewSession()));
        await runtime.RefusesAsync("FORBIDDEN", First.Token(claims => claims["macp_scopes"] = JsonNode.Parse("""{"allowed_modes":[]}""")), Envelopes.Proposal(session));
        Assert.Equal(session, (await runtime.MetadataAsync(session, First.Token(claims => (claims["sub"], claims["macp_scopes"]) = ("eye", JsonNode.Parse("""{"is_observer":true}"""))))).SessionId);
        await runtime.AcceptsAsync(First.Token(), Envelopes.Proposal(session));
        await runtime.RefusesAsync("UNAUTHENTICATED", First.Token(), Envelopes.Proposal(session).With(e => e.Sender = "bob"));
    }

    [Fact]
    public async Task Rotated_keys_are_taken_at_once_and_withdrawn_ones_no_more()
    {
        await using var keys = await KeyServer.StartAsync(First);
        await using var runtime = await TestRuntime.StartAsync(authentication: By(keys));
        string old = First.Token();
        await runtime.AcceptsAsync(old, Envelopes.Start(Envelopes.NewSession()));

        keys.Publish(Second);
        runtime.Time.Advance(TimeSpan.FromSeconds(10));
        await runtime.AcceptsAsync(Second.Token(), Envelopes.Start(Envelopes.NewSession()));

        await runtime.RefusesAsync("UNAUTHENTICATED", old, Envelopes.Start(Envelopes.NewSession()));
        Assert.Equal(2, keys.Requests);
    }

    [Fact]
    public async Task Unknown_key_ids_are_no_way_to_make_requests()
    {
        await using var keys = await KeyServer.StartAsync(First);
        await using var runtime = await TestRuntime.StartAsync(authentication: By(keys));
        for (int i = 0; i < 30; i++)
        {
            await runtime.RefusesAsync("UNAUTHENTICATED", SigningKey.Ec($"made-up-{i}").Token(), Envelopes.Start(Envelopes.NewSession()));
            if (i == 14) runtime.Time.Advance(TimeSpan.FromSeconds(10));
        }
        Assert.Equal(2, keys.Requests);
    }

    [Theory]
    [InlineData("unreachable"), InlineData("error"), InlineData("garbage"), InlineData("redirect"), InlineData("huge")]
    public async Task An_issuer_that_fails_costs_nothing_but_new_keys(string failure)
    {
        var notebook = new Notebook();
        await using var keys = await KeyServer.StartAsync(First);
        await using var runtime = await TestRuntime.StartAsync(authentication: By(keys), configure: notebook.Opened);
        await runtime.AcceptsAsync(First.Token(), Envelopes.Start(Envelopes.NewSession()));
        keys.Answer = context => Fail(context, failure);
        runtime.Time.Advance(TimeSpan.FromSeconds(10));

        await runtime.RefusesAsync("UNAUTHENTICATED", Second.Token(), Envelopes.Start(Envelopes.NewSession()));
        await runtime.AcceptsAsync(First.Token(), Envelopes.Start(Envelopes.NewSession()));

        Assert.Single(notebook.Notes, note => note.Id == 21);
        Assert.Single(notebook.Notes, note => note.Id == 20 && note.Text.EndsWith("its key is not one of the issuer's", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tokens_of_other_shapes_are_looked_for_in_the_list_and_JWTs_are_not()
    {
        await using var keys = await KeyServer.StartAsync(First);
        await using var runtime = await TestRuntime.StartAsync(authentication: By(keys) with { TokensJson = """[{"token":"t-bob","sender":"bob"}]""" });
        await runtime.AcceptsAsync("t-bob", Envelopes.Start(Envelopes.NewSession()));
        await runtime.AcceptsAsync(First.Token(), Envelopes.Start(Envelopes.NewSession()));
        await runtime.RefusesAsync("UNAUTHENTICATED", "t-bob.x.y", Envelopes.Start(Envelopes.NewSession()));
        // A JWT stands in authorization only (runtime-semantics 7.1).
        Assert.Equal("UNAUTHENTICATED", (await runtime.SendAsync(Rpc.As(null, ("x-macp-token", First.Token())), Envelopes.Start(Envelopes.NewSession()))).Error.Code);
    }

    [Fact]
    public async Task Without_a_list_only_JWTs_are_taken()
    {
        await using var runtime = await TestRuntime.StartAsync(authentication: new() { Jwt = new() { Issuer = SigningKey.Issuer, KeysJson = SigningKey.Set(First) } });
        await runtime.AcceptsAsync(First.Token(), Envelopes.Start(Envelopes.NewSession()));
        foreach (string? other in (string?[])["alice", Second.Token(), null]) await runtime.RefusesAsync("UNAUTHENTICATED", other, Envelopes.Start(Envelopes.NewSession()));
    }

    [Fact]
    public async Task A_file_of_keys_is_read_again_as_a_URL_is()
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, SigningKey.Set(First));
            await using var runtime = await TestRuntime.StartAsync(authentication: new() { Jwt = new() { Issuer = SigningKey.Issuer, KeysFile = file } });
            await runtime.AcceptsAsync(First.Token(), Envelopes.Start(Envelopes.NewSession()));
            await File.WriteAllTextAsync(file, SigningKey.Set(First, Second));
            runtime.Time.Advance(TimeSpan.FromSeconds(10));
            await runtime.AcceptsAsync(Second.Token(), Envelopes.Start(Envelopes.NewSession()));
        }
        finally
        {
            File.Delete(file);
        }
    }

    static Task Fail(HttpContext context, string failure)
    {
        switch (failure)
        {
            case "unreachable": context.Abort(); return Task.CompletedTask;
            case "error": context.Response.StatusCode = 500; return Task.CompletedTask;
            case "redirect" when context.Request.Path == "/keys": context.Response.Redirect("/elsewhere"); return Task.CompletedTask;
            case "redirect": return context.Response.WriteAsync(SigningKey.Set(First, Second));
            case "huge": return context.Response.WriteAsync(SigningKey.Set(First, Second) + new string(' ', 300 * 1024));
            default: return context.Response.WriteAsync("<html>");
        }
    }
}
