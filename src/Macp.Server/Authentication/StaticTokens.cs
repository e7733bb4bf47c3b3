using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Macp.Grpc;
using Macp.Runtime;

namespace Macp.Server.Authentication;

/// <summary>
/// Tokens of a variable or file, and whose they are. Whatever is wrong with one of them keeps the server from starting: it would let in somebody else than
/// its operator believes. The messages name the entry, and never a token.
/// </summary>
sealed class StaticTokens : ITokenSource
{
    const string JsonVariable = "MACP_AUTH_TOKENS_JSON", FileVariable = "MACP_AUTH_TOKENS_FILE";

    static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    static readonly JsonDocumentOptions KeysOnce = new() { AllowDuplicateProperties = false };
    static readonly string[] Keys = ["token", "sender", .. Capabilities.Keys];

    readonly FrozenDictionary<TokenDigest, Identity> _identities;

    StaticTokens(Dictionary<TokenDigest, Identity> identities) => _identities = identities.ToFrozenDictionary();

    public ValueTask<Identity?> FindAsync(string token, GrpcServerCall call) => new(_identities.GetValueOrDefault(TokenDigest.Of(token)));

    /// <summary>The tokens that the options say; null where they say none.</summary>
    /// <exception cref="MacpConfigurationException">They cannot be read, or something is wrong with one.</exception>
    public static StaticTokens? Read(MacpAuthenticationOptions options)
    {
        if (options.TokensJson is { } json) return Parse(JsonVariable, json, options.Jwt is not null);
        return options.TokensFile is { } file ? Parse($"{FileVariable}: {file}", Text(file), options.Jwt is not null) : null;
    }

    static string Text(string file)
    {
        try
        {
            return File.ReadAllText(file, StrictUtf8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw Wrong($"{FileVariable}: {file}", e is DecoderFallbackException ? "it is not UTF-8 text" : e.Message);
        }
    }

    static StaticTokens Parse(string source, string text, bool hasJwt)
    {
        string place = source;
        try
        {
            using var json = JsonDocument.Parse(text, KeysOnce);
            var identities = new Dictionary<TokenDigest, Identity>();
            int index = 0;
            foreach (var entry in Entries(json.RootElement).EnumerateArray())
            {
                place = $"{source}: tokens[{index++}]";
                if (!identities.TryAdd(TokenDigest.Of(TokenOf(entry, hasJwt)), IdentityOf(entry)))
                    throw new FormatException("its token is already that of an entry before it; each must be given once");
            }
            place = source;
            return index > 0 ? new(identities) : throw new FormatException("it holds no token; add one, or unset it");
        }
        catch (JsonException e)
        {
            // Its own text may quote what it stumbled upon.
            throw Wrong(place, e.LineNumber is { } line ? $"it is not JSON from line {line + 1}, byte {e.BytePositionInLine + 1} on" : "it is not JSON, or has a key twice");
        }
        catch (InvalidOperationException)
        {
            throw Wrong(place, "it has text with half a character, written as an escape");
        }
        catch (FormatException e)
        {
            throw Wrong(place, e.Message);
        }
    }

    static JsonElement Entries(JsonElement root)
    {
        if (root.ValueKind is JsonValueKind.Object && root.TryGetProperty("tokens", out var tokens) && root.EnumerateObject().Count() == 1) root = tokens;
        return root.ValueKind is JsonValueKind.Array ? root : throw new FormatException("it must be an array of tokens, or an object with nothing but such an array as 'tokens'");
    }

    static string TokenOf(JsonElement entry, bool hasJwt)
    {
        if (entry.ValueKind is not JsonValueKind.Object) throw new FormatException("it must be an object with a token and a sender");
        foreach (var key in entry.EnumerateObject())
            if (!Keys.Contains(key.Name)) throw new FormatException($"it has a key that is unknown; those known are {string.Join(", ", Keys)}");
        string token = Text(entry, "token");
        if (token.AsSpan().ContainsAnyExceptInRange('!', '~')) throw new FormatException("token must be printable ASCII without spaces: it travels in a header");
        if (hasJwt && JwtVerifier.IsShaped(token)) throw new FormatException("token has the shape of a JWT, and would be judged as one; use a token without two dots");
        return token;
    }

    // Here, unlike in a JWT, an empty list of modes is none (runtime-semantics 7.2).
    static Identity IdentityOf(JsonElement entry)
    {
        var identity = Capabilities.Grant(Text(entry, "sender"), entry);
        return identity.AllowedModes is { Count: 0 } ? identity with { AllowedModes = null } : identity;
    }

    static string Text(JsonElement entry, string key) =>
        entry.TryGetProperty(key, out var value) && value.ValueKind is JsonValueKind.String && value.GetString() is { } text && !string.IsNullOrWhiteSpace(text)
            ? text
            : throw new FormatException($"{key} must be text that is not blank");

    static MacpConfigurationException Wrong(string place, string fault) => new($"{place}: {fault}.");
}
