using System.Security.Cryptography;
using System.Text;
using Macp.Wire.V1;

namespace Macp.Protocol.Tests.Hashing;

public class CommitmentHashTests
{
    const string AnyHash = "sha256:0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f";

    // Computed by an implementation of RFC-MACP-0013 in another language.
    static readonly (string Name, Action<CommitmentPayload> Change, string Hash)[] Vectors =
    [
        ("as it is", _ => { }, "78e0cd0c0648349fe3ac4668a268f2ffc1692dd7e5f3d1ee8f471ea29637a936"),
        ("negative", c => c.OutcomePositive = false, "70fedd6e331963aad86f0584219b2724570e8853a5a37b1f6e677f42b9c85ab5"),
        ("no policy version", c => c.PolicyVersion = "", "f88439de385e61d4e360fd780af7ae067de3268f0516c7070708107f53214fed"),
        ("supersedes nothing in particular", c => c.Supersedes = new(), "0e603c0d131af38440e56c96956d258c669f42a0fab0e6563226637aaf986df0"),
        ("supersedes", c => c.Supersedes = new() { SessionId = "s-1", CommitmentHash = AnyHash }, "30f190d387df213f3a7ad21ff12c72cc883145fa4af09ef8514123a80c91b17c"),
        ("control characters", c => c.Reason = ControlCharacters, "88670b0c9d908d40a7dfebc720966cd5bdff98af0307f06a1e5503e3ae08b3aa"),
        ("quotes", c => c.Reason = "say \"no\" to C:\\temp/x", "a1cbf77177ab6224847d5ecc2503075ded82ee4d29cd32c641ef8e31888021a5"),
        ("separators", c => c.Reason = "line\u2028para\u2029del\u007fnext\u0085", "4cc5c088c25c6a3cd0bfd23a95aa553aff2a6a6450412e8cad54eb74a79b34e4"),
        ("beyond ASCII", c => c.Reason = "Zürich, 東京, 🦀 and e\u0301", "e6065ebf2ba5d401f1a520fae19983c0cfce11f859e9f91771898dd89d4e460d"),
        ("no characters", c => c.Reason = "\ufeff\ufffd\ufffe", "9aa0c16b90c236f9e6d0aae7ba76d88e24d73c3f4c7cbc40dd3a081d55448275"),
    ];

    public static TheoryData<string> Names => [.. Vectors.Select(vector => vector.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_hash_is_what_another_implementation_computes(string name)
    {
        var (_, change, hash) = Array.Find(Vectors, vector => vector.Name == name);
        var commitment = Sample();
        change(commitment);
        Assert.Equal("sha256:" + hash, CommitmentHash.Compute(commitment));
        Assert.Equal(CommitmentVerification.Match, CommitmentHash.Verify(commitment, "sha256:" + hash));
    }

    [Fact]
    public void The_canonical_form_has_every_string_and_the_keys_in_order()
    {
        Assert.Equal(
            """{"action":"","authority_scope":"","commitment_id":"","configuration_version":"","mode_version":"","outcome_positive":false,"policy_version":"","reason":""}""",
            Encoding.UTF8.GetString(CommitmentHash.Canonicalize(new())));
    }

    [Fact]
    public void What_is_superseded_is_an_object_when_it_is_set_and_nothing_when_it_is_not()
    {
        string canonical = Encoding.UTF8.GetString(CommitmentHash.Canonicalize(new() { Supersedes = new() }));
        Assert.EndsWith(""","reason":"","supersedes":{"commitment_hash":"","session_id":""}}""", canonical, StringComparison.Ordinal);
        Assert.NotEqual(CommitmentHash.Compute(new()), CommitmentHash.Compute(new() { Supersedes = new() }));
    }

    [Fact]
    public void The_preimage_is_the_label_a_colon_and_the_canonical_form()
    {
        var commitment = Sample();
        byte[] preimage = CommitmentHash.Preimage(commitment);
        Assert.Equal([.. "macp-commitment-hash/1:"u8, .. CommitmentHash.Canonicalize(commitment)], preimage);
        Assert.Equal("sha256:" + Convert.ToHexStringLower(SHA256.HashData(preimage)), CommitmentHash.Compute(commitment));
    }

    [Fact]
    public void Each_of_the_nine_fields_counts()
    {
        Action<CommitmentPayload>[] changes =
        [
            c => c.CommitmentId += "x", c => c.Action += "x", c => c.AuthorityScope += "x", c => c.Reason += "x", c => c.ModeVersion += "x",
            c => c.PolicyVersion += "x", c => c.ConfigurationVersion += "x", c => c.OutcomePositive ^= true, c => c.Supersedes = new(),
        ];
        var hashes = changes.Select(change =>
        {
            var commitment = Sample();
            change(commitment);
            return CommitmentHash.Compute(commitment);
        });
        Assert.Equal(changes.Length + 1, hashes.Append(CommitmentHash.Compute(Sample())).Distinct().Count());
    }

    [Fact]
    public void Half_of_a_surrogate_pair_cannot_be_hashed() =>
        Assert.ThrowsAny<EncoderFallbackException>(() => CommitmentHash.Compute(new() { Reason = "\ud83e" }));

    internal static CommitmentPayload Sample() => new()
    {
        CommitmentId = "c-1",
        Action = "decision.selected",
        AuthorityScope = "release",
        Reason = "three of four approve",
        ModeVersion = "1.0.0",
        PolicyVersion = "policy.default",
        ConfigurationVersion = "config.default",
        OutcomePositive = true,
    };

    static string ControlCharacters => string.Concat(Enumerable.Range(0, 32).Select(i => (char)i));
}
