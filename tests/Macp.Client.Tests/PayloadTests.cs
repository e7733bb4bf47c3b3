using Google.Protobuf;

namespace Macp.Client.Tests;

/// <summary>The payloads of the protocol's own messages, as they are built.</summary>
public class PayloadTests
{
    static readonly CommitOptions Commit = new() { Action = "task.completed", AuthorityScope = "team", Reason = "done", CommitmentId = "c" };

    [Fact]
    public void The_same_options_make_the_same_bytes_in_whatever_order_extensions_came()
    {
        string[] keys = ["b", "a", "B", "é", "aa"];

        Assert.Equal(Start(keys).ToByteString(), Start([.. keys.Reverse()]).ToByteString());
        Assert.Equal(["B", "a", "aa", "b", "é"], Start(keys).Extensions.Keys);
        Assert.Equal(MacpPayloads.Commitment(Commit).ToByteString(), MacpPayloads.Commitment(Commit).ToByteString());
        Assert.Equal(MacpPayloads.Signal(new("calm") { Confidence = 0.5 }).ToByteString(), MacpPayloads.Signal(new("calm") { Confidence = 0.5 }).ToByteString());
        Assert.Equal(MacpPayloads.Progress(new("t", 1, 2)).ToByteString(), MacpPayloads.Progress(new("t", 1, 2)).ToByteString());
    }

    [Fact]
    public void The_order_of_participants_is_kept() =>
        Assert.NotEqual(MacpPayloads.SessionStart(StartOf(["a", "b"])).ToByteString(), MacpPayloads.SessionStart(StartOf(["b", "a"])).ToByteString());

    [Fact]
    public void Versions_that_are_not_said_are_the_defaults()
    {
        var start = MacpPayloads.SessionStart(StartOf(["a"]));
        var commitment = MacpPayloads.Commitment(Commit with { CommitmentId = null });

        Assert.Equal(("1.0.0", "config.default", "policy.default", 60_000L, 0L), (start.ModeVersion, start.ConfigurationVersion, start.PolicyVersion, start.TtlMs, start.MaxSuspendMs));
        Assert.Equal(("1.0.0", "config.default", "policy.default"), (commitment.ModeVersion, commitment.ConfigurationVersion, commitment.PolicyVersion));
        Assert.Equal("", MacpPayloads.Commitment(Commit, policyVersion: "").PolicyVersion);
        Assert.True(Guid.TryParseExact(commitment.CommitmentId, "D", out var id) && id.Version == 4);
        Assert.Null(commitment.Supersedes);
    }

    [Theory]
    [InlineData("task.completed", true), InlineData("task.failed", false), InlineData("x.declined", false), InlineData("x.rejected", false), InlineData("x.REJECTED", true), InlineData("merged", true)]
    public void The_sign_of_an_outcome_is_what_its_action_says(string action, bool positive) =>
        Assert.Equal(positive, MacpPayloads.Commitment(Commit with { Action = action }).OutcomePositive);

    [Fact]
    public void What_is_superseded_is_named_by_its_hash()
    {
        var before = MacpPayloads.Commitment(Commit);
        var reference = MacpPayloads.CommitmentRef("s", Protocol.CommitmentHash.Compute(before));

        Assert.Equal(reference, MacpPayloads.Commitment(Commit with { Supersedes = SupersededCommitment.Of("s", before) }).Supersedes);
        Assert.Equal(new Root { Uri = "file:///a" }, MacpPayloads.Root("file:///a"));
    }

    static SessionStartPayload Start(string[] keys) =>
        MacpPayloads.SessionStart(StartOf(["a"]) with { Extensions = keys.ToDictionary(key => key, ByteString.CopyFromUtf8) });

    static SessionStartOptions StartOf(string[] participants) => new() { Intent = "i", Participants = participants, TimeToLive = TimeSpan.FromMinutes(1) };
}
