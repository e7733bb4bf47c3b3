using System.Text;
using System.Text.Json;
using Macp.Tests;
using Macp.Wire.V1;

namespace Macp.Protocol.Tests.Hashing;

public class PublishedVectorTests
{
    const string Folder = "conformance/cmt-hash";

    [SharedFact(Folder)]
    public void Every_step_of_every_published_vector_is_ours()
    {
        var vectors = Read();
        Assert.NotEmpty(vectors);
        foreach (var (name, vector) in vectors)
        {
            Assert.Equal(CommitmentHash.Label, Text(vector, "label"));
            var commitment = Payload(vector.GetProperty("payload"));
            Assert.Equal((name, Text(vector, "jcs_utf8_hex")), (name, Convert.ToHexStringLower(CommitmentHash.Canonicalize(commitment))));
            Assert.Equal((name, Text(vector, "preimage_utf8_hex")), (name, Convert.ToHexStringLower(CommitmentHash.Preimage(commitment))));
            Assert.Equal((name, Text(vector, "hash")), (name, CommitmentHash.Compute(commitment)));
            Assert.Equal((name, CommitmentVerification.Match), (name, CommitmentHash.Verify(commitment, Text(vector, "hash"))));
        }
    }

    [SharedFact(Folder)]
    public void Vectors_that_must_differ_do()
    {
        var vectors = Read();
        foreach (var (name, vector) in vectors)
            if (vector.TryGetProperty("must_differ_from", out var other))
                Assert.NotEqual((name, CommitmentHash.Compute(Payload(vectors[other.GetString()!].GetProperty("payload")))), (name, Text(vector, "hash")));
        Assert.Equal(vectors.Count, vectors.Values.Select(vector => Text(vector, "hash")).Distinct().Count());
    }

    static Dictionary<string, JsonElement> Read() => Directory.EnumerateFiles(SharedFolder.Of(Folder), "cmt_hash_*.json", SearchOption.AllDirectories)
        .Select(file => JsonElement.Parse(File.ReadAllText(file, Encoding.UTF8)))
        .ToDictionary(vector => Text(vector, "name"));

    static CommitmentPayload Payload(JsonElement payload) => new()
    {
        CommitmentId = Text(payload, "commitment_id"),
        Action = Text(payload, "action"),
        AuthorityScope = Text(payload, "authority_scope"),
        Reason = Text(payload, "reason"),
        ModeVersion = Text(payload, "mode_version"),
        PolicyVersion = Text(payload, "policy_version"),
        ConfigurationVersion = Text(payload, "configuration_version"),
        OutcomePositive = payload.GetProperty("outcome_positive").GetBoolean(),
        Supersedes = payload.TryGetProperty("supersedes", out var superseded)
            ? new() { SessionId = Text(superseded, "session_id"), CommitmentHash = Text(superseded, "commitment_hash") }
            : null,
    };

    static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
