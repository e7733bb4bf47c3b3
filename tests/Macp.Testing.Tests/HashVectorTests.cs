using System.Text.Json.Nodes;

namespace Macp.Testing.Tests;

public class HashVectorTests
{
    static readonly string Canonical = """{"action":"","authority_scope":"","commitment_id":"c1","configuration_version":"","mode_version":"","outcome_positive":false,"policy_version":"","reason":""}""";

    [Fact]
    public void A_vector_that_is_right_passes() => Assert.Null(HashVector.Parse("x", Vector()).Check());

    [Theory]
    [InlineData("jcs_utf8_hex", "the canonical JSON differs")]
    [InlineData("preimage_utf8_hex", "the preimage differs")]
    [InlineData("hash", "the hash differs")]
    public void The_first_step_that_is_wrong_is_named(string field, string difference) => Assert.Equal(difference, HashVector.Parse("x", Vector(v => v[field] = "00")).Check());

    [Theory]
    [InlineData("name"), InlineData("label"), InlineData("jcs_utf8_hex"), InlineData("preimage_utf8_hex"), InlineData("hash")]
    public void A_missing_field_is_named(string field) => Assert.Equal($"{field} is missing, or no text", Error(v => v.Remove(field)));

    [Fact]
    public void A_missing_payload_is_named() => Assert.Equal("payload is missing", Error(v => v.Remove("payload")));

    [Fact]
    public void Another_label_is_another_algorithm() => Assert.StartsWith("label 'macp-commitment-hash/2' is not known", Error(v => v["label"] = "macp-commitment-hash/2"), StringComparison.Ordinal);

    [Fact]
    public void A_field_beyond_the_nine_cannot_be_verified()
    {
        Assert.Contains("payload cannot be verified", Error(v => v["payload"]!["note"] = "x"), StringComparison.Ordinal);
        Assert.Contains("payload cannot be verified", Error(v => v["payload"]!["supersedes"] = new JsonObject { ["session_id"] = "s", ["at"] = 1 }), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_what_has_steps_and_a_hash_is_a_vector()
    {
        Assert.True(HashVector.IsVector(Vector()));
        Assert.False(HashVector.IsVector(Vector(v => v.Remove("hash"))));
        Assert.False(HashVector.IsVector([]));
    }

    static string Error(Action<JsonObject> change) => Assert.Throws<FixtureException>(() => HashVector.Parse("x", Vector(change))).Message;

    static JsonObject Vector(Action<JsonObject>? change = null)
    {
        byte[] canonical = System.Text.Encoding.UTF8.GetBytes(Canonical), preimage = [.. "macp-commitment-hash/1:"u8, .. canonical];
        var vector = new JsonObject
        {
            ["name"] = "minimal",
            ["label"] = "macp-commitment-hash/1",
            ["payload"] = new JsonObject { ["commitment_id"] = "c1" },
            ["jcs_utf8_hex"] = Convert.ToHexStringLower(canonical),
            ["preimage_utf8_hex"] = Convert.ToHexStringLower(preimage),
            ["hash"] = "sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(preimage)),
        };
        change?.Invoke(vector);
        return vector;
    }
}
