namespace Macp.Server;

/// <summary>Which JSON Web Tokens (RFC 7519) are taken. Keys come from one of the three sources, of which the first that is set counts.</summary>
public sealed record MacpJwtOptions
{
    /// <summary>The algorithms that there are; HS256 only where it is asked for.</summary>
    internal static readonly IReadOnlyList<string> KnownAlgorithms = ["RS256", "ES256", "HS256"];

    internal static readonly IReadOnlyList<string> DefaultAlgorithms = ["RS256", "ES256"];

    /// <summary>The issuer, compared exactly with the claim <c>iss</c>, which must be there.</summary>
    public required string Issuer { get; init; }

    /// <summary>The audience: what the claim <c>aud</c>, which must be there, has to be or to contain.</summary>
    public string Audience { get; init; } = "macp-runtime";

    /// <summary>The algorithms that are taken, of <c>RS256</c>, <c>ES256</c> and <c>HS256</c>; the first two unless told.</summary>
    public IReadOnlyList<string> Algorithms { get; init; } = DefaultAlgorithms;

    /// <summary>The keys, as the JSON of a JWK set (RFC 7517); null for one of the other sources.</summary>
    public string? KeysJson { get; init; }

    /// <summary>A file with a JWK set, which is read again as a URL is; null for one of the other sources.</summary>
    public string? KeysFile { get; init; }

    /// <summary>Where the issuer publishes its JWK set: https, or http on this machine. Asked for the first time when a token needs it. Null for another source.</summary>
    public Uri? KeysUrl { get; init; }

    /// <summary>After how long the keys of a file or URL are read again. A token with an unknown key id has them read before, at most every ten seconds.</summary>
    public TimeSpan KeysTimeToLive { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>The options without the keys in them.</summary>
    public override string ToString() =>
        $"{nameof(MacpJwtOptions)} {{ Issuer = {Issuer}, Audience = {Audience}, Algorithms = {string.Join(',', Algorithms)}, KeysTimeToLive = {KeysTimeToLive} }}";
}
