using System.Text;
using System.Text.Json.Nodes;
using Macp.Server.Authentication;

namespace Macp.Server.Tests;

/// <summary>Which keys of a JWK set are used, and which sets are none (RFC 7517).</summary>
public sealed class JsonWebKeySetTests
{
    static readonly SigningKey Ec = SigningKey.Ec(), Rsa = SigningKey.Rsa();

    [Theory]
    [InlineData("use", "\"enc\""), InlineData("alg", "\"ES384\""), InlineData("key_ops", "[\"encrypt\"]"), InlineData("crv", "\"P-384\""), InlineData("kty", "\"OKP\"")]
    public async Task Keys_for_something_else_are_passed_over(string member, string value)
    {
        var other = SigningKey.Ec("other");
        string token = other.Token();
        other.Jwk[member] = JsonNode.Parse(value);

        await new Verification(SigningKey.Set(Ec, other)).RefusesAsync("not one of the issuer's", token);
        Assert.Contains("holds no key", Assert.Throws<FormatException>(() => Parse(SigningKey.Set(other))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_that_say_what_they_are_for_are_used()
    {
        Ec.Jwk["use"] = "sig";
        Ec.Jwk["alg"] = "ES256";
        Ec.Jwk["key_ops"] = new JsonArray("verify");
        await new Verification(SigningKey.Set(Ec)).TakesAsync(Ec.Token());
    }

    [Fact]
    public void Weak_and_broken_keys_are_told_and_not_used()
    {
        Assert.Contains("at least 2048 bits; it has 1024", Fault(SigningKey.Rsa("weak", 1024).Jwk), StringComparison.Ordinal);
        Assert.Contains("at least 32 bytes; it has 31", Fault(SigningKey.Secret("weak", new byte[31]).Jwk), StringComparison.Ordinal);
        Assert.Contains("n must be base64url", Fault(Broken(Rsa, "n", "***")), StringComparison.Ordinal);
        Assert.Contains("e must be base64url", Fault(Broken(Rsa, "e", null)), StringComparison.Ordinal);
        Assert.Contains("32 bytes", Fault(Broken(SigningKey.Ec(), "x", "AAAA")), StringComparison.Ordinal);
        Assert.Contains("no EC key", Fault(Broken(SigningKey.Ec(), "y", SigningKey.Encode(new byte[32]))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""), InlineData("{}"), InlineData("[]"), InlineData("""{"keys":{}}"""), InlineData("""{"keys":[]}"""), InlineData("""{"keys":[7]}"""), InlineData("""{"keys":[],"keys":[]}""")]
    public void What_is_no_set_is_told(string json) => Assert.Throws<FormatException>(() => Parse(json));

    [Fact]
    public void A_set_is_bounded()
    {
        Assert.Contains("more than 64 keys", Assert.Throws<FormatException>(() => Parse(SigningKey.Set([.. Enumerable.Repeat(Ec, 65)]))).Message, StringComparison.Ordinal);
        Assert.Contains("larger", Assert.Throws<FormatException>(() => Parse(SigningKey.Set(Ec) + new string(' ', 256 * 1024))).Message, StringComparison.Ordinal);
    }

    // Beside a good one: the set as a whole is used.
    static string Fault(JsonObject jwk)
    {
        var set = Parse(new JsonObject { ["keys"] = new JsonArray(SigningKey.Ec().Jwk.DeepClone(), jwk.DeepClone()) }.ToJsonString());
        string fault = Assert.Single(set.Faults);
        Assert.StartsWith("keys[1]: ", fault, StringComparison.Ordinal);
        return fault;
    }

    static JsonObject Broken(SigningKey key, string member, string? value)
    {
        var jwk = (JsonObject)key.Jwk.DeepClone();
        jwk[member] = value;
        return jwk;
    }

    static JsonWebKeySet Parse(string json) => JsonWebKeySet.Parse(Encoding.UTF8.GetBytes(json), ["RS256", "ES256", "HS256"]);
}
