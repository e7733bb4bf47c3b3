using System.Net;
using Macp.Modes;
using Macp.Modes.Standard;
using Macp.Server.Authentication;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Server.Tests;

/// <summary>What keeps a server from starting, of identity (runtime-semantics 7.4).</summary>
public sealed class IdentityStartTests
{
    static readonly MacpAuthenticationOptions Tokens = new() { TokensJson = """[{"token":"t","sender":"s"}]""" };

    [Theory]
    [InlineData("0.0.0.0"), InlineData("::"), InlineData("192.0.2.1"), InlineData("::ffff:192.0.2.1")]
    public void Development_identity_is_for_loopback_unless_it_is_forced(string address)
    {
        var options = new MacpServerOptions { Listen = new(IPAddress.Parse(address), 50051), AllowInsecure = true };
        string refusal = Refusal(options);
        foreach (string part in (string[])["loopback only", $"{options.Listen} is not", "MACP_DEV_IDENTITY_REMOTE=1", "MACP_ALLOW_INSECURE=1 and --dev do not", "MACP_AUTH_TOKENS_FILE"])
            Assert.Contains(part, refusal, StringComparison.Ordinal);
        Add(options with { AllowRemoteDevelopmentIdentity = true });
        Add(options with { Authentication = Tokens });
    }

    [Theory]
    [InlineData("127.0.0.1"), InlineData("127.8.8.8"), InlineData("::1")]
    public void Loopback_is_enough_for_development(string address) => Add(new() { Listen = new(IPAddress.Parse(address), 50051), AllowInsecure = true });

    [Fact]
    public void To_force_development_identity_is_not_to_ask_for_it() => Assert.Contains("no authentication configured", Refusal(new() { AllowRemoteDevelopmentIdentity = true }), StringComparison.Ordinal);

    [Fact]
    public async Task With_authentication_TLS_is_required_unless_that_is_waived()
    {
        var options = new MacpServerOptions { Listen = new(IPAddress.Loopback, 0), Authentication = Tokens };
        var refusal = await Assert.ThrowsAsync<MacpConfigurationException>(() => MacpHost.StartAsync(Modes, options));
        Assert.StartsWith("TLS is required unless MACP_ALLOW_INSECURE=1", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("MACP_TLS_CERT_PATH and MACP_TLS_KEY_PATH", refusal.Message, StringComparison.Ordinal);
        await using var host = await MacpHost.StartAsync(Modes, options with { AllowInsecure = true });
    }

    [Fact]
    public async Task With_authentication_nobody_is_who_its_token_says_whatever_is_allowed()
    {
        await using var runtime = await TestRuntime.StartAsync(authentication: Tokens);
        await runtime.RefusesAsync("UNAUTHENTICATED", "s", Envelopes.Start(Envelopes.NewSession()));
        await runtime.AcceptsAsync("t", Envelopes.Start(Envelopes.NewSession()));
    }

    [Theory]
    [InlineData("{}", "MACP_AUTH_JWKS_JSON: it must be an object with an array 'keys'"), InlineData("secret", "MACP_AUTH_JWKS_JSON: it is not JSON")]
    [InlineData("""{"keys":[{"kty":"RSA","n":"secret","e":"AQAB"}]}""", "MACP_AUTH_JWKS_JSON: keys[0]: ")]
    [InlineData("""{"keys":[{"kty":"oct","k":"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"}]}""", "MACP_AUTH_JWKS_JSON: it holds no key for RS256 or ES256")]
    public void Keys_that_cannot_be_used_end_the_start(string json, string fault)
    {
        string refusal = Refusal(With(new() { Issuer = "i", KeysJson = json }));
        Assert.StartsWith(fault, refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_weak_key_beside_a_good_one_ends_the_start_too() =>
        Assert.Contains("keys[1]: an RSA key must have at least 2048 bits", Refusal(With(new() { Issuer = "i", KeysJson = SigningKey.Set(SigningKey.Ec(), SigningKey.Rsa("weak", 1024)) })), StringComparison.Ordinal);

    [Fact]
    public void Keys_that_are_not_there_end_the_start()
    {
        Assert.StartsWith("MACP_AUTH_JWKS_FILE: /no/such/file: ", Refusal(With(new() { Issuer = "i", KeysFile = "/no/such/file" })), StringComparison.Ordinal);
        Assert.Contains("MACP_AUTH_JWKS_URL", Refusal(With(new() { Issuer = "i" })), StringComparison.Ordinal);
        Assert.StartsWith("MACP_AUTH_JWKS_URL must be an https URL", Refusal(With(new() { Issuer = "i", KeysUrl = new("http://issuer.example/keys") })), StringComparison.Ordinal);
    }

    static ModeCatalog Modes => new ModeCatalog().Add<DecisionMode>();

    static MacpServerOptions With(MacpJwtOptions jwt) => new() { Authentication = new() { Jwt = jwt } };

    // What a start asks for before it listens.
    static void Add(MacpServerOptions options)
    {
        using var services = new ServiceCollection().AddLogging().AddMacpRuntime(options).AddModes(Modes).Services.BuildServiceProvider();
        services.GetRequiredService<IAuthenticator>();
    }

    static string Refusal(MacpServerOptions options) => Assert.Throws<MacpConfigurationException>(() => Add(options)).Message;
}
