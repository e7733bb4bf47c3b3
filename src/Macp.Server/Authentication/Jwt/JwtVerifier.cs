using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Macp.Runtime;

namespace Macp.Server.Authentication;

/// <summary>What a JWT claims that is for this server and for now, and what is to be verified of it yet: its signature.</summary>
sealed record JwtClaims(string Algorithm, string? KeyId, byte[] Signed, byte[] Signature, Identity Identity, double Expires);

/// <summary>
/// Judges JSON Web Tokens (RFC 7519) in the compact form of RFC 7515, as RFC 8725 advises: an explicit list of algorithms, keys that fit one algorithm each,
/// and every claim that is asked for must be there (runtime-semantics 7.3 and 14.2, 16). Faults are values, in words that quote nothing of the token.
/// </summary>
sealed class JwtVerifier(MacpJwtOptions options)
{
    const int MostChars = 8 * 1024;
    const double LeewaySeconds = 60;

    static readonly SearchValues<char> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
    static readonly JsonDocumentOptions KeysOnce = new() { AllowDuplicateProperties = false };

    /// <summary>Whether a token has the three parts of a JWT.</summary>
    public static bool IsShaped(string token) => token.AsSpan().Count('.') == 2;

    /// <summary>Whether a token may be a JWT at all: what is larger is not even looked at.</summary>
    public static bool IsOversized(string token) => token.Length > MostChars;

    /// <summary>Reads what needs no key. Null and the claims, or what is wrong.</summary>
    public string? Read(string token, DateTimeOffset now, out JwtClaims? claims)
    {
        claims = null;
        if (IsOversized(token)) return "it is larger than 8 KiB";
        int dot = token.LastIndexOf('.');
        if (!IsShaped(token) || !TryDecode(token.AsSpan(0, token.IndexOf('.')), out var header)
            || !TryDecode(token.AsSpan(token.IndexOf('.') + 1, dot - token.IndexOf('.') - 1), out var payload) || !TryDecode(token.AsSpan(dot + 1), out var signature))
            return "it is not three parts of base64url";
        try
        {
            using var head = JsonDocument.Parse(header, KeysOnce);
            using var body = JsonDocument.Parse(payload, KeysOnce);
            if (FaultOf(head.RootElement) is { } fault) return fault;
            if (FaultOf(body.RootElement, now) is { } wrong) return wrong;
            claims = new(
                Text(head.RootElement, "alg")!, Text(head.RootElement, "kid"), Encoding.ASCII.GetBytes(token, 0, dot), signature,
                IdentityOf(body.RootElement), body.RootElement.GetProperty("exp").GetDouble());
            return null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text that is not UTF-8, or half a character.
            return "it is not JSON within, or has a key twice";
        }
        catch (FormatException e)
        {
            return $"its macp_scopes are wrong: {e.Message}";
        }
    }

    /// <summary>Whether the time of what was verified before is over.</summary>
    public static bool HasExpired(double expires, DateTimeOffset now) => Seconds(now) >= expires + LeewaySeconds;

    string? FaultOf(JsonElement header)
    {
        if (header.ValueKind is not JsonValueKind.Object) return "its header is no object";
        if (Text(header, "alg") is not { } algorithm || !options.Algorithms.Contains(algorithm)) return "its algorithm is not one that is taken";
        if (header.TryGetProperty("kid", out var id) && id.ValueKind is not JsonValueKind.String) return "its key id is no text";
        // What it says must be understood is not (RFC 7515 section 4.1.11).
        return header.TryGetProperty("crit", out _) ? "it asks for an extension" : null;
    }

    string? FaultOf(JsonElement claims, DateTimeOffset now)
    {
        if (claims.ValueKind is not JsonValueKind.Object) return "its claims are no object";
        if (Text(claims, "iss") != options.Issuer) return "its issuer is missing or another";
        if (!IsForUs(claims)) return "its audience is missing or another";
        if (!TryTime(claims, "exp", out double expires)) return "it does not say when it expires";
        if (HasExpired(expires, now)) return "it has expired";
        if (claims.TryGetProperty("nbf", out _) && (!TryTime(claims, "nbf", out double begins) || Seconds(now) < begins - LeewaySeconds)) return "it is not valid yet";
        return string.IsNullOrWhiteSpace(Text(claims, "sub")) ? "it names no subject" : null;
    }

    bool IsForUs(JsonElement claims) => claims.TryGetProperty("aud", out var audience) && audience.ValueKind switch
    {
        JsonValueKind.String => audience.ValueEquals(options.Audience),
        JsonValueKind.Array => audience.EnumerateArray().Any(one => one.ValueKind is JsonValueKind.String && one.ValueEquals(options.Audience)),
        _ => false,
    };

    static Identity IdentityOf(JsonElement claims)
    {
        string sender = Text(claims, "sub")!;
        if (!claims.TryGetProperty("macp_scopes", out var scopes)) return new(sender);
        return scopes.ValueKind is JsonValueKind.Object ? Capabilities.Grant(sender, scopes) : throw new FormatException("they are no object");
    }

    static string? Text(JsonElement element, string key) => element.TryGetProperty(key, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    // A number too large for a double reads as infinity, which would be for ever.
    static bool TryTime(JsonElement claims, string key, out double seconds)
    {
        seconds = 0;
        return claims.TryGetProperty(key, out var value) && value.ValueKind is JsonValueKind.Number && value.TryGetDouble(out seconds) && double.IsFinite(seconds);
    }

    static double Seconds(DateTimeOffset now) => now.ToUnixTimeMilliseconds() / 1000.0;

    // The decoder would pass over white space and padding, of which the form has none.
    static bool TryDecode(ReadOnlySpan<char> part, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = new byte[Base64Url.GetMaxDecodedLength(part.Length)];
        if (part.ContainsAnyExcept(Alphabet) || Base64Url.DecodeFromChars(part, bytes, out _, out int length) is not OperationStatus.Done) return false;
        Array.Resize(ref bytes, length);
        return true;
    }
}
