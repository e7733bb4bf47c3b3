using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Testing;

/// <summary>A published vector of the commitment hash: the payload, and what each step of the algorithm makes of it (RFC-MACP-0013).</summary>
/// <param name="Name">The vector's name.</param>
/// <param name="Payload">The payload.</param>
/// <param name="CanonicalHex">The canonical JSON, as hexadecimal digits.</param>
/// <param name="PreimageHex">The preimage, as hexadecimal digits.</param>
/// <param name="Hash">The hash.</param>
public sealed record HashVector(string Name, CommitmentPayload Payload, string CanonicalHex, string PreimageHex, string Hash)
{
    /// <summary>Whether a JSON object means to be a vector.</summary>
    public static bool IsVector(JsonObject json) => json.ContainsKey("jcs_utf8_hex") && json.ContainsKey("hash");

    /// <summary>Reads a vector.</summary>
    /// <exception cref="FixtureException">A field is missing, or the payload has a field beyond the nine, so that it cannot be verified.</exception>
    public static HashVector Parse(string name, JsonObject json)
    {
        if (Text(json, "label") is var label && label != CommitmentHash.Label) throw new FixtureException($"label '{label}' is not known; it must be '{CommitmentHash.Label}'");
        if (json["payload"] is not JsonObject payload) throw new FixtureException("payload is missing");
        try
        {
            return new(Text(json, "name"), JsonParser.Default.Parse<CommitmentPayload>(payload.ToJsonString()), Text(json, "jcs_utf8_hex"), Text(json, "preimage_utf8_hex"), Text(json, "hash"));
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidJsonException)
        {
            throw new FixtureException($"{name}: payload cannot be verified: {e.Message}");
        }
    }

    /// <summary>The first step whose result differs, in words; null when all agree.</summary>
    public string? Check()
    {
        if (Convert.ToHexStringLower(CommitmentHash.Canonicalize(Payload)) != CanonicalHex) return "the canonical JSON differs";
        if (Convert.ToHexStringLower(CommitmentHash.Preimage(Payload)) != PreimageHex) return "the preimage differs";
        return CommitmentHash.Compute(Payload) == Hash ? null : "the hash differs";
    }

    static string Text(JsonObject json, string field) =>
        json[field] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : throw new FixtureException($"{field} is missing, or no text");
}
