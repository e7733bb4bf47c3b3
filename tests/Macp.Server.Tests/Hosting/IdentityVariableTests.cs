namespace Macp.Server.Tests;

/// <summary>The environment's variables of identity and TLS.</summary>
public sealed class IdentityVariableTests
{
    [Fact]
    public void Without_variables_nothing_is_configured()
    {
        var options = Read();
        Assert.Equal(new(), options.Authentication);
        Assert.Null(options.Tls);
        Assert.False(options.AllowRemoteDevelopmentIdentity);
        Assert.True(Read(("MACP_DEV_IDENTITY_REMOTE", "1")).AllowRemoteDevelopmentIdentity);
        Assert.False(Read(("MACP_DEV_IDENTITY_REMOTE", "true")).AllowRemoteDevelopmentIdentity);
    }

    [Fact]
    public void An_issuer_with_keys_is_who_signs_JWTs()
    {
        var jwt = Read(("MACP_AUTH_ISSUER", "https://issuer.example"), ("MACP_AUTH_JWKS_URL", "https://issuer.example/keys")).Authentication.Jwt!;
        Assert.Equal(("https://issuer.example", "macp-runtime", new Uri("https://issuer.example/keys"), TimeSpan.FromSeconds(300)), (jwt.Issuer, jwt.Audience, jwt.KeysUrl, jwt.KeysTimeToLive));
        Assert.Equal(["RS256", "ES256"], jwt.Algorithms);

        jwt = Read(("MACP_AUTH_ISSUER", "i"), ("MACP_AUTH_AUDIENCE", "a"), ("MACP_AUTH_JWKS_JSON", "{}"), ("MACP_AUTH_JWKS_FILE", "keys.json"),
            ("MACP_AUTH_JWKS_TTL_SECS", "7"), ("MACP_AUTH_JWT_ALGS", "hs256, ES256")).Authentication.Jwt!;
        Assert.Equal(("a", "{}", "keys.json", TimeSpan.FromSeconds(7)), (jwt.Audience, jwt.KeysJson, jwt.KeysFile, jwt.KeysTimeToLive));
        Assert.Equal(["HS256", "ES256"], jwt.Algorithms);
    }

    [Theory]
    [InlineData("MACP_AUTH_JWT_ALGS", "none"), InlineData("MACP_AUTH_JWT_ALGS", "RS256,PS256"), InlineData("MACP_AUTH_JWT_ALGS", "RS256,"), InlineData("MACP_AUTH_JWT_ALGS", "RS256 ES256")]
    [InlineData("MACP_AUTH_JWKS_TTL_SECS", "0"), InlineData("MACP_AUTH_JWKS_TTL_SECS", "-1"), InlineData("MACP_AUTH_JWKS_TTL_SECS", "soon")]
    [InlineData("MACP_AUTH_JWKS_URL", "http://issuer.example/keys"), InlineData("MACP_AUTH_JWKS_URL", "keys.json"), InlineData("MACP_AUTH_JWKS_URL", "file:///keys.json"), InlineData("MACP_AUTH_JWKS_URL", "https://issuer.example:99999/"), InlineData("MACP_AUTH_JWKS_URL", "https://[issuer/")]
    public void A_bad_value_is_refused_by_its_variables_name(string name, string value)
    {
        var refusal = Assert.Throws<MacpConfigurationException>(() => Read((name, value), ("MACP_AUTH_ISSUER", "i"), ("MACP_AUTH_JWKS_URL", "https://i")));
        Assert.StartsWith(name, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(value, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_in_a_URL_is_not_repeated()
    {
        var refusal = Assert.Throws<MacpConfigurationException>(() => Read(("MACP_AUTH_ISSUER", "i"), ("MACP_AUTH_JWKS_URL", "http://ann:secret@issuer.example/keys")));
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MACP_AUTH_ISSUER", "MACP_AUTH_JWKS_URL"), InlineData("MACP_AUTH_JWKS_URL", "MACP_AUTH_ISSUER")]
    [InlineData("MACP_AUTH_JWKS_JSON", "MACP_AUTH_ISSUER"), InlineData("MACP_AUTH_JWKS_FILE", "MACP_AUTH_ISSUER")]
    [InlineData("MACP_TLS_CERT_PATH", "MACP_TLS_KEY_PATH"), InlineData("MACP_TLS_KEY_PATH", "MACP_TLS_CERT_PATH"), InlineData("MACP_TLS_CLIENT_CA_PATH", "MACP_TLS_CERT_PATH")]
    public void What_needs_another_variable_names_it(string name, string missing) =>
        Assert.Contains(missing, Assert.Throws<MacpConfigurationException>(() => Read((name, "https://x"))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_certificate_and_its_key_are_TLS()
    {
        var tls = new MacpTlsOptions { CertificateFile = "c.pem", KeyFile = "k.pem" };
        Assert.Equal(tls, Read(("MACP_TLS_CERT_PATH", "c.pem"), ("MACP_TLS_KEY_PATH", "k.pem"), ("MACP_ALLOW_INSECURE", "1")).Tls);
        Assert.Equal(tls with { ClientAuthoritiesFile = "a.pem" }, Read(("MACP_TLS_CERT_PATH", "c.pem"), ("MACP_TLS_KEY_PATH", "k.pem"), ("MACP_TLS_CLIENT_CA_PATH", "a.pem")).Tls);
    }

    [Fact]
    public void Options_are_printed_without_their_secrets()
    {
        string text = Read(("MACP_AUTH_TOKENS_JSON", "secret-1"), ("MACP_AUTH_TOKENS_FILE", "tokens.json"), ("MACP_AUTH_ISSUER", "issuer"), ("MACP_AUTH_JWKS_JSON", "secret-2")).ToString();
        Assert.Contains("tokens.json", text, StringComparison.Ordinal);
        Assert.Contains("issuer", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
    }

    static MacpServerOptions Read(params (string Name, string Value)[] variables) =>
        MacpEnvironment.Read(name => variables.Where(variable => variable.Name == name).Select(variable => variable.Value).FirstOrDefault());
}
