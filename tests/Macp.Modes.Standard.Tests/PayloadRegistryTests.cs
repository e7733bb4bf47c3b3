using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Macp.Modes.MultiRound;
using Macp.Protocol;
using Macp.Wire.Modes.Decision.V1;
using Macp.Wire.Modes.MultiRound.V1;
using Macp.Wire.V1;

namespace Macp.Modes.Standard.Tests;

/// <summary>Payloads by mode and message type.</summary>
public sealed class PayloadRegistryTests
{
    const string MultiRound = "ext.multi_round.v1";

    static readonly PayloadRegistry Registry = new PayloadRegistry().Add<DecisionMode>().Add<ProposalMode>().Add<TaskMode>().Add<HandoffMode>().Add<QuorumMode>().Add<MultiRoundMode>();

    public static TheoryData<string, string> Expected => new()
    {
        { StandardModes.Decision, "Proposal Evaluation Objection Vote" },
        { StandardModes.Proposal, "Proposal CounterProposal Accept Reject Withdraw" },
        { StandardModes.Task, "TaskRequest TaskAccept TaskReject TaskUpdate TaskComplete TaskFail" },
        { StandardModes.Handoff, "HandoffOffer HandoffContext HandoffAccept HandoffDecline" },
        { StandardModes.Quorum, "ApprovalRequest Approve Reject Abstain" },
        { MultiRound, "Contribute" },
    };

    [Theory]
    [MemberData(nameof(Expected))]
    public void Every_message_of_a_mode_has_the_payload_of_its_name(string mode, string types)
    {
        string package = $"macp.modes.{mode.Split('.')[^2]}.v1";
        Assert.All(types.Split(' '), type => Assert.Equal($"{package}.{type}Payload", Registry.Find(mode, type)?.FullName));
    }

    [Theory]
    [InlineData("SessionStart"), InlineData("Commitment"), InlineData("Signal"), InlineData("Progress"), InlineData("SessionCancel"), InlineData("SessionSuspend"), InlineData("SessionResume")]
    public void The_protocols_own_messages_are_known_in_every_mode(string type) =>
        Assert.All(["", StandardModes.Decision, "com.example.any.v1"], mode => Assert.Equal($"macp.v1.{type}Payload", Registry.Find(mode, type)?.FullName));

    [Fact]
    public void What_nobody_declared_is_not_known()
    {
        Assert.Null(Registry.Find(StandardModes.Decision, "Approve"));
        Assert.Null(Registry.Find("com.example.any.v1", "Vote"));
        Assert.Throws<KeyNotFoundException>(() => Registry.Encode("com.example.any.v1", "Vote", "{}"));
    }

    [Fact]
    public void Payloads_are_made_of_json_and_read_as_messages_and_as_json()
    {
        var payload = Registry.Encode(StandardModes.Decision, "Vote", """{"proposal_id":"p","vote":"approve"}""");
        var envelope = Message(StandardModes.Decision, "Vote", payload.ToByteString());

        Assert.Equal(new VotePayload { ProposalId = "p", Vote = "approve" }, payload);
        Assert.True(Registry.TryDecode<VotePayload>(envelope, out var vote));
        Assert.Equal((payload, payload), (vote, Registry.Decode(envelope)));
        Assert.False(Registry.TryDecode<EvaluationPayload>(envelope, out _));
        Assert.Equal(new PayloadView(PayloadForm.Message, """{ "proposal_id": "p", "vote": "approve" }""", payload), Registry.View(envelope)); // as it was sent, not as it is folded
    }

    [Theory]
    [InlineData("""{"proposal_id":"p","sender":"ann"}""", "payload.sender is no field of macp.modes.decision.v1.VotePayload; there are proposal_id, vote, reason")]
    [InlineData("""{"proposal_id":7}""", "payload.proposal_id must be text; it is 7")]
    [InlineData("{} {}", "payload is not JSON: ")]
    public void Json_that_does_not_fit_is_told_with_its_place(string json, string error) =>
        Assert.StartsWith(error, Assert.Throws<JsonFormException>(() => Registry.Encode(StandardModes.Decision, "Vote", json)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_contribution_is_read_in_both_its_forms()
    {
        Assert.True(Registry.TryDecode<ContributePayload>(Message(MultiRound, "Contribute", new ContributePayload { Value = "x" }.ToByteString()), out var now));
        Assert.True(Registry.TryDecode<ContributePayload>(Message(MultiRound, "Contribute", ByteString.CopyFromUtf8("""{"value":"x"}""")), out var older));
        Assert.Equal(("x", "x"), (now.Value, older.Value));
        Assert.Equal(PayloadForm.Json, new PayloadRegistry().Add(MultiRoundMode.Descriptor).View(Message(MultiRound, "Contribute", ByteString.CopyFromUtf8("""{"value":"x"}"""))).Form);
    }

    [Theory]
    [InlineData("", PayloadForm.Empty, "")]
    [InlineData("7b7d", PayloadForm.Json, "{}")]
    [InlineData("c3a9", PayloadForm.Text, "é")]
    [InlineData("0a0178", PayloadForm.Binary, "CgF4")]
    [InlineData("fffe", PayloadForm.Binary, "//4=")]
    public void A_payload_of_a_type_that_is_not_known_is_shown_as_what_it_looks_like(string hex, PayloadForm form, string text) =>
        Assert.Equal(new PayloadView(form, text), Registry.View(Message("com.example.any.v1", "Any", ByteString.CopyFrom(Convert.FromHexString(hex)))));

    [Fact]
    public void Text_that_is_not_UTF_8_does_not_pass_for_a_message() =>
        Assert.Equal(PayloadForm.Binary, Registry.View(Message(StandardModes.Decision, "Vote", ByteString.CopyFrom(0x0a, 0x01, 0xff))).Form);

    [Fact]
    public void Whatever_the_bytes_there_is_a_view_and_an_envelope_of_them_is_read_back() => FsCheck.Check.One(
        Config.QuickThrowOnFailure,
        Prop.ForAll(ArbMap.Default.GeneratorFor<byte[]>().ToArbitrary(), bytes =>
        {
            var envelopes = Expected.SelectMany(row => ((string)row[1]).Split(' ').Append("Commitment").Append("Other").Select(type => Message((string)row[0], type, ByteString.CopyFrom(bytes))));
            return envelopes.All(envelope => Registry.View(envelope) is not null && Registry.FromJson(Registry.ToJson(envelope)).Equals(envelope));
        }));

    [Fact]
    public void A_message_is_registered_once_and_by_hand_where_there_is_no_mode_class()
    {
        var registry = new PayloadRegistry().Add("com.example.poll.v1", "Ballot", VotePayload.Descriptor);

        Assert.IsType<VotePayload>(registry.Encode("com.example.poll.v1", "Ballot", "{}"));
        Assert.Throws<InvalidOperationException>(() => registry.Add("com.example.poll.v1", "Ballot", VotePayload.Descriptor));
        Assert.Throws<InvalidOperationException>(() => new PayloadRegistry().Add<DecisionMode>().Add(DecisionMode.Descriptor));
    }

    static Envelope Message(string mode, string type, ByteString payload) => new() { Mode = mode, MessageType = type, Payload = payload };
}
