using Google.Protobuf;
using Macp.Wire.V1;
using static Macp.Protocol.CommitmentVerification;

namespace Macp.Protocol.Tests.Hashing;

public class VerificationTests
{
    const string AnyHash = "sha256:0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f";

    static readonly CommitmentPayload Commitment = CommitmentHashTests.Sample();
    static readonly string Hash = CommitmentHash.Compute(Commitment);

    [Fact]
    public void The_same_payload_matches() => Assert.Equal(Match, CommitmentHash.Verify(Commitment.ToByteArray(), Hash));

    [Fact]
    public void Another_payload_is_a_mismatch() => Assert.Equal(Mismatch, CommitmentHash.Verify(Commitment.ToByteArray(), AnyHash));

    [Fact]
    public void An_empty_payload_has_a_hash_too() => Assert.Equal(Match, CommitmentHash.Verify([], CommitmentHash.Compute(new())));

    [Theory]
    [InlineData(new byte[] { 0x52, 0x01, 0x78 }, "a tenth field")]
    [InlineData(new byte[] { 0x50, 0x00 }, "a tenth field that is zero")]
    [InlineData(new byte[] { 0x4a, 0x03, 0x1a, 0x01, 0x78 }, "a third key in supersedes")]
    [InlineData(new byte[] { 0x08, 0x01 }, "a known field in another wire type, unknown to the parser")]
    [InlineData(new byte[] { 0x4b, 0x4c }, "supersedes as a group")]
    [InlineData(new byte[] { 0x53, 0x54 }, "an unknown group")]
    [InlineData(new byte[] { 0x0a, 0x02, 0x78 }, "a length beyond the end")]
    [InlineData(new byte[] { 0x0a }, "no length")]
    [InlineData(new byte[] { 0x00, 0x00 }, "field number zero")]
    [InlineData(new byte[] { 0x0a, 0x01, 0xff }, "text that is not UTF-8")]
    [InlineData(new byte[] { 0x4a, 0x03, 0x0a, 0x01, 0xff }, "text in supersedes that is not UTF-8")]
    public void What_the_label_does_not_cover_cannot_be_verified(byte[] more, string why)
    {
        byte[] payload = [.. Commitment.ToByteArray(), .. more];
        Assert.True(CannotVerify == CommitmentHash.Verify(payload, Hash), why);
        Assert.True(CannotVerify == CommitmentHash.Verify(payload, AnyHash), why);
    }

    [Fact]
    public void A_parsed_payload_with_an_unknown_field_cannot_be_verified()
    {
        var parsed = CommitmentPayload.Parser.ParseFrom([.. Commitment.ToByteArray(), 0x52, 0x01, 0x78]);
        Assert.Equal(CannotVerify, CommitmentHash.Verify(parsed, Hash));
    }

    [Fact]
    public void Half_of_a_surrogate_pair_cannot_be_verified_not_even_against_what_would_replace_it()
    {
        string replaced = CommitmentHash.Compute(new() { Reason = "\ufffd" });
        Assert.Equal(CannotVerify, CommitmentHash.Verify(new CommitmentPayload { Reason = "\ud83e" }, replaced));
    }

    [Fact]
    public void Another_encoding_of_the_same_payload_matches()
    {
        // The last of two wins, and lengths may be padded: what is hashed is the payload, not its bytes.
        byte[] payload = [0x0a, 0x01, 0x78, .. Commitment.ToByteArray(), 0x22, 0x81, 0x00, 0x78];
        var expected = Commitment.Clone();
        expected.Reason = "x";
        Assert.Equal(Match, CommitmentHash.Verify(payload, CommitmentHash.Compute(expected)));
    }

    [Theory]
    [MemberData(nameof(IllFormed))]
    public void Against_an_ill_formed_hash_nothing_can_be_verified(string hash)
    {
        Assert.False(CommitmentHash.IsWellFormed(hash));
        Assert.Equal(CannotVerify, CommitmentHash.Verify(Commitment.ToByteArray(), hash));
        Assert.Equal(CannotVerify, CommitmentHash.Verify(Commitment, hash));
    }

    [Theory]
    [InlineData(AnyHash)]
    [InlineData("sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public void A_hash_is_sha256_and_64_lower_case_digits(string hash) => Assert.True(CommitmentHash.IsWellFormed(hash));

    public static TheoryData<string> IllFormed =>
    [
        "", "sha256:", AnyHash[7..], AnyHash[..^1], AnyHash + "0", AnyHash[..^1] + "g", AnyHash[..^1] + "F", AnyHash[..^1] + " ", AnyHash[..^1] + "０",
        "SHA256:" + AnyHash[7..], "sha256:" + AnyHash[7..].ToUpperInvariant(), "sha512:" + AnyHash[7..], "sha256-" + AnyHash[7..], "sha512:" + AnyHash[7..] + AnyHash[7..],
        " " + AnyHash, AnyHash + "\n", AnyHash + "\r\n", AnyHash + "\0", AnyHash[..^1] + "\n", "\n" + AnyHash, " sha256:" + AnyHash[8..],
    ];
}
