using System.Text;
using System.Text.Json.Nodes;

namespace Macp.Server.Tests;

/// <summary>Which JWTs are taken, and for whom (runtime-semantics 7.3): one test or line for each thing that can be wrong with one.</summary>
public sealed class JwtTests
{
    static readonly SigningKey Rsa = SigningKey.Rsa(), Ec = SigningKey.Ec(), Secret = SigningKey.Secret("secret", [.. Enumerable.Range(0, 32).Select(i => (byte)i)]);

    static readonly string Set = SigningKey.Set(Rsa, Ec, Secret);

    [Fact]
    public async Task Tokens_of_the_issuers_keys_are_taken_and_the_subject_is_the_sender()
    {
        var verification = new Verification(Set);
        Assert.Equal("alice", (await verification.TakesAsync(Rsa.Token())).Sender);
        Assert.Equal("agent://team/bob", (await verification.TakesAsync(Ec.Token(claims => claims["sub"] = "agent://team/bob"))).Sender);
    }

    [Fact]
    public async Task A_token_without_a_key_id_is_tried_with_every_key()
    {
        var verification = new Verification(Set);
        await verification.TakesAsync(Rsa.Token(header: header => header.Remove("kid")));
        await verification.TakesAsync(Ec.Token(header: header => header.Remove("kid")));
        await verification.RefusesAsync("signature", SigningKey.Ec().Token(header: header => header.Remove("kid")));
    }

    [Fact]
    public async Task Keys_without_an_id_are_for_tokens_of_any()
    {
        var key = SigningKey.Ec(id: null);
        await new Verification(SigningKey.Set(key)).TakesAsync(key.Token(header: header => header["kid"] = "some"));
    }

    [Fact]
    public async Task A_wrong_key_is_refused()
    {
        var verification = new Verification(Set);
        await verification.RefusesAsync("signature", SigningKey.Rsa().Token());
        await verification.RefusesAsync("signature", SigningKey.Ec().Token());
        // Another key of the set than the one that is named.
        var other = SigningKey.Ec("other");
        await new Verification(SigningKey.Set(Ec, other)).RefusesAsync("signature", Ec.Token(header: header => header["kid"] = "other"));
    }

    [Fact]
    public async Task An_unknown_key_id_is_refused_even_with_a_known_key() =>
        await new Verification(Set).RefusesAsync("key is not one of the issuer's", Ec.Token(header: header => header["kid"] = "unknown"));

    [Fact]
    public async Task Only_a_token_of_an_unknown_key_waits_for_an_issuer_that_hangs()
    {
        var verification = new Verification(Set);
        await verification.TakesAsync(Ec.Token());
        var hanging = new TaskCompletionSource();
        verification.Hold = hanging.Task;
        verification.Time.Advance(TimeSpan.FromSeconds(10));

        var stranger = verification.JudgeAsync(Ec.Token(header: header => header["kid"] = "unknown"));
        var known = verification.JudgeAsync(Ec.Token(claims => claims["sub"] = "bob"));

        Assert.True(known.IsCompletedSuccessfully);
        Assert.Equal("bob", (await known).Identity!.Sender);
        Assert.False(stranger.IsCompleted);
        hanging.SetResult();
        Assert.Null((await stranger).Identity);
    }

    [Theory]
    [InlineData("none"), InlineData("None"), InlineData("NONE"), InlineData(""), InlineData("RS384"), InlineData("PS256"), InlineData("es256"), InlineData("HS256")]
    public async Task An_algorithm_that_is_not_listed_is_refused(string algorithm)
    {
        var verification = new Verification(Set);
        await verification.RefusesAsync("algorithm", Rsa.Token(header: header => header["alg"] = algorithm));
        string token = Rsa.Token(header: header => header["alg"] = algorithm);
        await verification.RefusesAsync("algorithm", token[..(token.LastIndexOf('.') + 1)]);
    }

    [Fact]
    public async Task An_algorithm_that_is_missing_or_no_text_is_refused()
    {
        var verification = new Verification(Set);
        await verification.RefusesAsync("algorithm", Rsa.Token(header: header => header.Remove("alg")));
        await verification.RefusesAsync("algorithm", Rsa.Token(header: header => header["alg"] = new JsonArray("RS256")));
    }

    [Fact]
    public async Task An_algorithm_of_another_type_of_key_is_refused()
    {
        var verification = new Verification(Set);
        await verification.RefusesAsync("signature", Rsa.Token(header: header => header["alg"] = "ES256"));
        await verification.RefusesAsync("signature", Ec.Token(header: header => header["alg"] = "RS256"));
    }

    [Fact]
    public async Task A_public_key_is_no_secret()
    {
        // What an attacker knows of the RSA key: its JWK, its modulus, its DER. HMAC is even allowed here.
        var verification = new Verification(Set, options => options with { Algorithms = ["RS256", "HS256"] });
        byte[][] secrets = [Encoding.UTF8.GetBytes(Rsa.Jwk.ToJsonString()), Encoding.UTF8.GetBytes(Rsa.Jwk["n"]!.GetValue<string>()), System.Buffers.Text.Base64Url.DecodeFromChars(Rsa.Jwk["n"]!.GetValue<string>())];
        foreach (byte[] secret in secrets)
        {
            await verification.RefusesAsync("signature", SigningKey.Secret("rsa", secret).Token());
            await verification.RefusesAsync("signature", SigningKey.Secret(null, secret).Token());
        }
    }

    [Fact]
    public async Task HMAC_is_taken_only_where_it_is_asked_for()
    {
        await new Verification(Set).RefusesAsync("algorithm", Secret.Token());
        var asked = new Verification(Set, options => options with { Algorithms = ["HS256"] });
        await asked.TakesAsync(Secret.Token());
        await asked.RefusesAsync("signature", SigningKey.Secret("secret", new byte[32]).Token());
        await asked.RefusesAsync("algorithm", Rsa.Token());
    }

    [Fact]
    public async Task A_signature_that_is_missing_or_changed_is_refused()
    {
        var verification = new Verification(Set);
        foreach (string token in (string[])[Rsa.Token(), Ec.Token()])
        {
            int dot = token.LastIndexOf('.');
            await verification.RefusesAsync("signature", token[..(dot + 1)]);
            await verification.RefusesAsync("signature", token[..(dot + 1)] + "AAAA");
            await verification.RefusesAsync("signature", token[..(dot + 1)] + (token[dot + 1] == 'A' ? 'B' : 'A') + token[(dot + 2)..]);
        }
    }

    [Fact]
    public async Task Claims_that_were_changed_after_signing_are_refused()
    {
        string[] parts = Ec.Token().Split('.');
        parts[1] = SigningKey.Encode(Encoding.UTF8.GetBytes(SigningKey.Claims(claims => claims["sub"] = "mallory").ToJsonString()));
        await new Verification(Set).RefusesAsync("signature", string.Join('.', parts));
    }

    [Theory]
    [InlineData("exp", -61, "expired"), InlineData("exp", -60, "expired"), InlineData("exp", -59, null)]
    [InlineData("nbf", 61, "not valid yet"), InlineData("nbf", 60, null), InlineData("nbf", -1, null)]
    public async Task Times_are_taken_with_a_minutes_leeway(string claim, int seconds, string? fault)
    {
        var verification = new Verification(Set);
        string token = Ec.Token(claims => claims[claim] = SigningKey.Start + seconds);
        if (fault is null) await verification.TakesAsync(token);
        else await verification.RefusesAsync(fault, token);
    }

    [Fact]
    public async Task A_token_that_was_taken_expires_all_the_same()
    {
        var verification = new Verification(Set);
        string token = Ec.Token();
        await verification.TakesAsync(token);
        verification.Time.Advance(TimeSpan.FromSeconds(359));
        await verification.TakesAsync(token);
        verification.Time.Advance(TimeSpan.FromSeconds(1));
        await verification.RefusesAsync("expired", token);
    }

    public static TheoryData<string, string, string> WrongClaims => new()
    {
        { "exp", "null", "when it expires" }, { "exp", "\"1900000000\"", "when it expires" }, { "exp", "1e999", "when it expires" }, { "exp", "-1", "expired" },
        { "nbf", "\"now\"", "not valid yet" }, { "nbf", "null", "not valid yet" }, { "nbf", "1e999", "not valid yet" },
        { "iss", "\"https://issuer.example/\"", "issuer" }, { "iss", "\"\"", "issuer" }, { "iss", "null", "issuer" }, { "iss", "[\"https://issuer.example\"]", "issuer" },
        { "aud", "\"another\"", "audience" }, { "aud", "\"macp-runtime2\"", "audience" }, { "aud", "[]", "audience" }, { "aud", "[\"a\",7]", "audience" }, { "aud", "null", "audience" },
        { "sub", "\"\"", "subject" }, { "sub", "\" \"", "subject" }, { "sub", "7", "subject" }, { "sub", "null", "subject" }, { "sub", "\"\\ud800\"", "JSON" },
        { "macp_scopes", "[]", "macp_scopes" }, { "macp_scopes", "{\"allowed_modes\":\"all\"}", "allowed_modes" }, { "macp_scopes", "{\"allowed_modes\":[1]}", "allowed_modes" },
        { "macp_scopes", "{\"can_start_sessions\":\"false\"}", "can_start_sessions" }, { "macp_scopes", "{\"is_observer\":null}", "is_observer" },
        { "macp_scopes", "{\"max_open_sessions\":-1}", "max_open_sessions" }, { "macp_scopes", "{\"max_open_sessions\":1.5}", "max_open_sessions" },
        { "macp_scopes", "{\"can_manage_mode_registry\":1}", "can_manage_mode_registry" },
    };

    [Theory]
    [MemberData(nameof(WrongClaims))]
    public async Task A_claim_of_a_wrong_value_is_refused(string claim, string value, string fault)
    {
        string claims = SigningKey.Claims(others => others.Remove(claim)).ToJsonString();
        await new Verification(Set).RefusesAsync(fault, Ec.Token($"{claims[..^1]},\"{claim}\":{value}}}"));
    }

    [Theory]
    [InlineData("exp", "when it expires"), InlineData("iss", "issuer"), InlineData("aud", "audience"), InlineData("sub", "subject")]
    public async Task A_claim_that_is_missing_is_refused(string claim, string fault) =>
        await new Verification(Set).RefusesAsync(fault, Ec.Token(claims => claims.Remove(claim)));

    [Fact]
    public async Task The_audience_may_be_one_of_several() =>
        await new Verification(Set).TakesAsync(Ec.Token(claims => claims["aud"] = new JsonArray("another", SigningKey.Audience)));

    [Fact]
    public async Task What_it_may_do_stands_in_its_scopes()
    {
        var verification = new Verification(Set);
        var plain = await verification.TakesAsync(Ec.Token());
        var full = await verification.TakesAsync(Ec.Token(claims => claims["macp_scopes"] = JsonNode.Parse(
            """{"allowed_modes":["a","b"],"can_start_sessions":false,"max_open_sessions":0,"can_manage_mode_registry":true,"is_observer":true,"more":1}""")));
        var none = await verification.TakesAsync(Ec.Token(claims => claims["macp_scopes"] = JsonNode.Parse("""{"allowed_modes":[],"max_open_sessions":null}""")));

        Assert.Equal(new Macp.Runtime.Identity("alice"), plain);
        Assert.Equal(["a", "b"], full.AllowedModes!.Order());
        Assert.Equal((false, 0, true, true), (full.CanStartSessions, full.MaxOpenSessions, full.CanManageModeRegistry, full.IsObserver));
        Assert.Empty(none.AllowedModes!);
        Assert.Null(none.MaxOpenSessions);
    }

    [Fact]
    public async Task An_oversized_token_is_not_even_read()
    {
        var verification = new Verification(Set);
        string near = Ec.Token(claims => claims["more"] = new string('x', 5_800)), over = Ec.Token(claims => claims["more"] = new string('x', 6_000));
        Assert.InRange(near.Length, 7_900, 8_192);
        Assert.InRange(over.Length, 8_193, 8_400);
        await verification.TakesAsync(near);
        await verification.RefusesAsync("larger", over);
    }

    [Fact]
    public async Task A_header_that_asks_for_what_is_not_understood_is_refused()
    {
        var verification = new Verification(Set);
        await verification.RefusesAsync("extension", Ec.Token(header: header => header["crit"] = new JsonArray("exp")));
        await verification.RefusesAsync("key id", Ec.Token(header: header => header["kid"] = 7));
    }

    [Theory]
    [InlineData(".."), InlineData("a.b.c"), InlineData("e30.e30."), InlineData("e30=.e30.AAAA"), InlineData("bnVsbA.bnVsbA.AAAA"), InlineData("\u00e9.e30.AAAA")]
    public async Task What_is_no_JWT_is_refused(string token) => Assert.Null((await new Verification(Set).JudgeAsync(token)).Identity);

    [Fact]
    public async Task White_space_padding_and_keys_said_twice_are_refused()
    {
        var verification = new Verification(Set);
        string token = Ec.Token();
        await verification.RefusesAsync("base64url", token + " ");
        await verification.RefusesAsync("base64url", token + "==");
        string claims = SigningKey.Claims().ToJsonString();
        await verification.RefusesAsync("twice", Ec.Token($"{claims[..^1]},\"sub\":\"mallory\"}}"));
    }
}
