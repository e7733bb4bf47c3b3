using System.Text.Json;

namespace Macp.Server.Authentication;

/// <summary>The keys of a JWK set (RFC 7517 section 5) that verify what this server takes.</summary>
sealed class JsonWebKeySet
{
    /// <summary>The largest set that is read, in bytes.</summary>
    public const int MostBytes = 256 * 1024;

    // A token without a key id is tried with each.
    const int MostKeys = 64;

    static readonly JsonDocumentOptions KeysOnce = new() { AllowDuplicateProperties = false };

    readonly List<JsonWebKey> _keys = [];
    readonly List<string> _faults = [];

    JsonWebKeySet() { }

    /// <summary>Why keys that are meant for this server cannot be used.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Reads a set. Keys for other things are passed over.</summary>
    /// <exception cref="FormatException">It is no JWK set, or holds no key for the algorithms. The text quotes nothing of it.</exception>
    public static JsonWebKeySet Parse(ReadOnlyMemory<byte> json, IReadOnlyList<string> algorithms)
    {
        if (json.Length > MostBytes) throw new FormatException($"it is larger than {MostBytes} bytes");
        try
        {
            using var document = JsonDocument.Parse(json, KeysOnce);
            var set = new JsonWebKeySet();
            set.Take(document.RootElement, algorithms);
            return set;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException("it is not JSON, or has a key twice");
        }
    }

    /// <summary>Whether a token's key may be here: keys without an id may be any. A token that names none is for all of them.</summary>
    public bool Knows(string? keyId) => keyId is null || _keys.Any(key => key.Id is null || key.Id == keyId);

    /// <summary>Whether one of the keys made the signature.</summary>
    public bool Verifies(JwtClaims token) => _keys.Any(key =>
        key.Algorithm == token.Algorithm && (token.KeyId is null || key.Id is null || key.Id == token.KeyId) && key.Verifies(token.Signed, token.Signature));

    void Take(JsonElement root, IReadOnlyList<string> algorithms)
    {
        if (root.ValueKind is not JsonValueKind.Object || !root.TryGetProperty("keys", out var keys) || keys.ValueKind is not JsonValueKind.Array)
            throw new FormatException("it must be an object with an array 'keys'");
        if (keys.GetArrayLength() > MostKeys) throw new FormatException($"it has more than {MostKeys} keys");
        for (int i = 0; i < keys.GetArrayLength(); i++)
        {
            try
            {
                if (keys[i].ValueKind is not JsonValueKind.Object) throw new FormatException("it is no object");
                if (JsonWebKey.Read(keys[i]) is { } key && algorithms.Contains(key.Algorithm)) _keys.Add(key);
            }
            catch (FormatException e)
            {
                _faults.Add($"keys[{i}]: {e.Message}");
            }
        }
        if (_keys.Count == 0) throw new FormatException(_faults.FirstOrDefault() ?? $"it holds no key for {string.Join(" or ", algorithms)}");
    }
}
