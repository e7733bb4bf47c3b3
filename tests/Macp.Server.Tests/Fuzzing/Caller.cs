using System.Text.Json.Nodes;

namespace Macp.Server.Tests.Fuzzing;

/// <summary>Somebody who sends.</summary>
/// <param name="Name">Who it is; null for nobody.</param>
/// <param name="Credential">The whole value of <c>authorization</c>.</param>
sealed record Caller(string? Name, string? Credential);

/// <summary>Who there is, and how they prove it: by tokens and JWTs, or as in development.</summary>
sealed class Callers(bool authenticated)
{
    static readonly SigningKey Key = SigningKey.Secret("k", [.. Enumerable.Range(0, 32).Select(i => (byte)i)]);

    /// <summary>Who may change registries.</summary>
    public const string Operator = "ops";

    /// <summary>Who reads everything, where there is such a right.</summary>
    public const string Observer = "olga";

    // Its only right is its name.
    static readonly string Jwt = Key.Token(claims => (claims["sub"], claims["exp"]) = ("jwt", 33_000_000_000));

    public static MacpAuthenticationOptions Options(IEnumerable<string> names) => new()
    {
        TokensJson = new JsonArray([.. names.Append(Operator).Append(Observer).Distinct().Select(Entry)]).ToJsonString(),
        Jwt = new() { Issuer = SigningKey.Issuer, Algorithms = ["HS256"], KeysJson = SigningKey.Set(Key) },
    };

    public Caller Of(string name) => new(name, authenticated ? $"Bearer {Token(name)}" : $"Bearer {name}");

    /// <summary>A credential that is nobody's. In development there is none but an empty one: any other is a name.</summary>
    public Caller Nobody(Random random)
    {
        if (!authenticated) return new(null, random.Next(4) switch { 0 => null, 1 => "", 2 => "Bearer", _ => "Basic " + Convert.ToBase64String(Hostile.Bytes(random, 30)) });
        string credential = random.Next(6) switch
        {
            0 => "Bearer " + Text(random),
            1 => "Bearer " + SigningKey.Encode(Hostile.Bytes(random, 90)) + "." + SigningKey.Encode(Hostile.Bytes(random, 90)) + "." + SigningKey.Encode(Hostile.Bytes(random, 90)),
            2 => "Bearer " + Key.Token(claims => claims[random.Next(2) == 0 ? "sub" : "iss"] = Text(random), header => header["alg"] = "none"),
            3 => "Bearer " + Key.Token("{\"iss\":\"" + Text(random)),
            4 => "Bearer " + Jwt.Remove(random.Next(Jwt.Length - 2), 2),
            _ => Text(random),
        };
        return new(null, credential);
    }

    public Caller ByJwt => authenticated ? new("jwt", "Bearer " + Jwt) : Of("jwt");

    static string Token(string name) => $"token-of-{name}";

    static JsonObject Entry(string name) => new() { ["token"] = Token(name), ["sender"] = name, ["can_manage_mode_registry"] = name == Operator, ["is_observer"] = name == Observer };

    // Of what a header can hold: no line ends, and no spaces around it that do not count.
    static string Text(Random random) => "x" + new string([.. Hostile.Bytes(random, 60).Select(b => (char)(b % 94 + 33))]);
}
