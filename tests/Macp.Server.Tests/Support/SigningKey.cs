using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Macp.Server.Tests;

/// <summary>A key of an issuer of JWTs: makes tokens, right unless a test makes them wrong, and tells its public half as a JWK.</summary>
sealed class SigningKey(string algorithm, JsonObject jwk, Func<byte[], byte[]> sign)
{
    public const string Issuer = "https://issuer.example", Audience = "macp-runtime";

    /// <summary>The time of <see cref="ManualTime"/> when it begins.</summary>
    public static readonly long Start = new ManualTime().NowMs / 1000;

    public JsonObject Jwk => jwk;

    /// <summary>A token of this key's, for alice and five minutes.</summary>
    public string Token(Action<JsonObject>? claims = null, Action<JsonObject>? header = null) => Token(Claims(claims).ToJsonString(), header);

    public string Token(string claims, Action<JsonObject>? header = null)
    {
        var head = new JsonObject { ["alg"] = algorithm, ["typ"] = "JWT" };
        if (jwk["kid"] is { } id) head["kid"] = id.GetValue<string>();
        header?.Invoke(head);
        string signed = $"{Encode(Encoding.UTF8.GetBytes(head.ToJsonString()))}.{Encode(Encoding.UTF8.GetBytes(claims))}";
        return $"{signed}.{Encode(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public static JsonObject Claims(Action<JsonObject>? change = null)
    {
        var claims = new JsonObject { ["iss"] = Issuer, ["aud"] = Audience, ["sub"] = "alice", ["exp"] = Start + 300 };
        change?.Invoke(claims);
        return claims;
    }

    public static string Set(params SigningKey[] keys) => new JsonObject { ["keys"] = new JsonArray([.. keys.Select(key => key.Jwk.DeepClone())]) }.ToJsonString();

    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    public static SigningKey Rsa(string? id = "rsa", int bits = 2048)
    {
        var rsa = RSA.Create(bits);
        var numbers = rsa.ExportParameters(false);
        return new("RS256", Named(id, new() { ["kty"] = "RSA", ["n"] = Encode(numbers.Modulus), ["e"] = Encode(numbers.Exponent) }),
            signed => rsa.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    public static SigningKey Ec(string? id = "ec")
    {
        var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = ec.ExportParameters(false).Q;
        return new("ES256", Named(id, new() { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Encode(point.X), ["y"] = Encode(point.Y) }),
            signed => ec.SignData(signed, HashAlgorithmName.SHA256));
    }

    public static SigningKey Secret(string? id, byte[] secret) =>
        new("HS256", Named(id, new() { ["kty"] = "oct", ["k"] = Encode(secret) }), signed => HMACSHA256.HashData(secret, signed));

    static JsonObject Named(string? id, JsonObject jwk)
    {
        if (id is not null) jwk["kid"] = id;
        return jwk;
    }
}
