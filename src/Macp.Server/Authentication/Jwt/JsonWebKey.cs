using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Macp.Server.Authentication;

/// <summary>
/// A key of a JWK set (RFC 7517) that verifies the signatures of one algorithm, given by its type: so no token can have a public key taken for a secret.
/// </summary>
sealed class JsonWebKey
{
    const int LeastRsaBits = 2048, LeastSecretBytes = 32, P256Bytes = 32;

    RSAParameters _rsa;
    ECParameters _ec;
    byte[] _secret = [];

    JsonWebKey(string? id, string algorithm) => (Id, Algorithm) = (id, algorithm);

    /// <summary>The key's id; null when it has none.</summary>
    public string? Id { get; }

    /// <summary>The only algorithm that it is for.</summary>
    public string Algorithm { get; }

    /// <summary>Whether the signature is this key's. The BCL's key objects are not for several threads, and results are kept: so one is made for each.</summary>
    public bool Verifies(byte[] signed, byte[] signature)
    {
        switch (Algorithm)
        {
            case "RS256":
                using (var rsa = RSA.Create(_rsa)) return rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            case "ES256":
                using (var ec = ECDsa.Create(_ec)) return ec.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            default:
                return CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(_secret, signed), signature);
        }
    }

    /// <summary>Reads a key; null for one that is for something else, which sets may well hold (RFC 7517 section 5).</summary>
    /// <exception cref="FormatException">It is for this, and broken or too weak; the text quotes nothing of it.</exception>
    public static JsonWebKey? Read(JsonElement jwk)
    {
        string? algorithm = Text(jwk, "kty") switch
        {
            "RSA" => "RS256",
            "EC" when Text(jwk, "crv") == "P-256" => "ES256",
            "oct" => "HS256",
            _ => null,
        };
        if (algorithm is null || (Text(jwk, "alg") ?? algorithm) != algorithm || (Text(jwk, "use") ?? "sig") != "sig" || !MayVerify(jwk)) return null;

        var key = new JsonWebKey(Text(jwk, "kid"), algorithm);
        try
        {
            key.Take(jwk);
            return key;
        }
        catch (CryptographicException)
        {
            throw new FormatException($"it is no {Text(jwk, "kty")} key");
        }
    }

    void Take(JsonElement jwk)
    {
        switch (Algorithm)
        {
            case "RS256":
                _rsa = new() { Modulus = Bytes(jwk, "n").AsSpan().TrimStart((byte)0).ToArray(), Exponent = Bytes(jwk, "e") };
                using (var rsa = RSA.Create(_rsa))
                    if (rsa.KeySize < LeastRsaBits) throw new FormatException($"an RSA key must have at least {LeastRsaBits} bits; it has {rsa.KeySize}");
                break;
            case "ES256":
                _ec = new() { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = Bytes(jwk, "x"), Y = Bytes(jwk, "y") } };
                if (_ec.Q.X.Length != P256Bytes || _ec.Q.Y.Length != P256Bytes) throw new FormatException($"x and y of a P-256 key must have {P256Bytes} bytes");
                ECDsa.Create(_ec).Dispose(); // is the point on the curve?
                break;
            default:
                _secret = Bytes(jwk, "k");
                if (_secret.Length < LeastSecretBytes) throw new FormatException($"a secret must have at least {LeastSecretBytes} bytes; it has {_secret.Length}");
                break;
        }
    }

    static bool MayVerify(JsonElement jwk) => !jwk.TryGetProperty("key_ops", out var operations)
        || (operations.ValueKind is JsonValueKind.Array && operations.EnumerateArray().Any(one => one.ValueKind is JsonValueKind.String && one.ValueEquals("verify")));

    static byte[] Bytes(JsonElement jwk, string name)
    {
        string text = Text(jwk, name) ?? "";
        byte[] bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        return Base64Url.DecodeFromChars(text, bytes, out _, out int length) is OperationStatus.Done && length > 0
            ? bytes[..length]
            : throw new FormatException($"{name} must be base64url, and not empty");
    }

    static string? Text(JsonElement jwk, string name) => jwk.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
