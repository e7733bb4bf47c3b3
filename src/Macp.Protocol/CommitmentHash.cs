using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Macp.Wire.V1;

namespace Macp.Protocol;

/// <summary>
/// The canonical hash of a commitment (RFC-MACP-0013): SHA-256 over a label and the RFC 8785 form of the payload's nine fields. A digest, not
/// a signature. Hashing is pure: a payload that no runtime would accept has a hash too.
/// </summary>
public static class CommitmentHash
{
    /// <summary>The label in the preimage. The hash itself never names it.</summary>
    public const string Label = "macp-commitment-hash/1";

    const string Prefix = "sha256:";
    const int HexDigits = 64;

    /// <summary>The hash: <c>sha256:</c> and 64 lower-case hexadecimal digits.</summary>
    /// <exception cref="EncoderFallbackException">A string holds half of a surrogate pair, which has no bytes.</exception>
    public static string Compute(CommitmentPayload commitment) => Prefix + Convert.ToHexStringLower(SHA256.HashData(Preimage(commitment)));

    /// <summary>The bytes that are hashed: the label, a colon, the canonical JSON.</summary>
    /// <inheritdoc cref="Compute" path="/exception"/>
    public static byte[] Preimage(CommitmentPayload commitment) => [.. Encoding.ASCII.GetBytes(Label + ":"), .. Canonicalize(commitment)];

    /// <summary>The canonical JSON: every string present also when empty, <c>supersedes</c> only when set (RFC-MACP-0013 section 3).</summary>
    /// <inheritdoc cref="Compute" path="/exception"/>
    public static byte[] Canonicalize(CommitmentPayload commitment)
    {
        var json = new CanonicalJson().BeginObject()
            .Key("action").Value(commitment.Action)
            .Key("authority_scope").Value(commitment.AuthorityScope)
            .Key("commitment_id").Value(commitment.CommitmentId)
            .Key("configuration_version").Value(commitment.ConfigurationVersion)
            .Key("mode_version").Value(commitment.ModeVersion)
            .Key("outcome_positive").Value(commitment.OutcomePositive)
            .Key("policy_version").Value(commitment.PolicyVersion)
            .Key("reason").Value(commitment.Reason);
        if (commitment.Supersedes is { } superseded)
            json.Key("supersedes").BeginObject()
                .Key("commitment_hash").Value(superseded.CommitmentHash)
                .Key("session_id").Value(superseded.SessionId)
                .EndObject();
        return json.EndObject().ToUtf8();
    }

    /// <summary>
    /// Compares a hash with a payload as it was received. A payload with a field beyond the nine cannot be verified, which is another answer
    /// than a mismatch: an unknown field is never ignored here.
    /// </summary>
    public static CommitmentVerification Verify(ReadOnlySpan<byte> payload, string hash)
    {
        if (!IsWellFormed(hash)) return CommitmentVerification.CannotVerify;
        var shape = WireShape.Of(CommitmentPayload.Descriptor);
        if (shape.Check(payload) != WireFault.None || !shape.HasOnlyKnownFields(payload)) return CommitmentVerification.CannotVerify;
        return Compute(CommitmentPayload.Parser.ParseFrom(payload)) == hash ? CommitmentVerification.Match : CommitmentVerification.Mismatch;
    }

    /// <inheritdoc cref="Verify(ReadOnlySpan{byte}, string)"/>
    public static CommitmentVerification Verify(CommitmentPayload payload, string hash)
    {
        byte[] bytes = payload.ToByteArray();
        // Half of a surrogate pair has no bytes: the encoder replaces it, and then another text would be verified than the one given.
        return CommitmentPayload.Parser.ParseFrom(bytes).Equals(payload) ? Verify(bytes, hash) : CommitmentVerification.CannotVerify;
    }

    /// <summary>Whether this has the form of a commitment hash; what it names is not looked up (RFC-MACP-0001 section 7.3.1).</summary>
    public static bool IsWellFormed(string hash) =>
        hash.Length == Prefix.Length + HexDigits && hash.StartsWith(Prefix, StringComparison.Ordinal)
        && !hash.AsSpan(Prefix.Length).ContainsAnyExcept("0123456789abcdef");
}

/// <summary>What comparing a commitment with a hash came to.</summary>
public enum CommitmentVerification
{
    /// <summary>The payload hashes to this value.</summary>
    Match,

    /// <summary>The payload hashes to another value.</summary>
    Mismatch,

    /// <summary>The hash has no known form, the payload does not parse, or it has a field that the label does not cover.</summary>
    CannotVerify,
}
