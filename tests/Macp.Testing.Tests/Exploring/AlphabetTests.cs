using Google.Protobuf.WellKnownTypes;
using Macp.Modes;
using Macp.Modes.Standard;
using Macp.Protocol;
using Macp.Wire.Modes.Handoff.V1;
using Macp.Wire.Modes.Quorum.V1;
using Macp.Wire.V1;

namespace Macp.Testing.Tests.Exploring;

/// <summary>Which messages an exploration tries.</summary>
public sealed class AlphabetTests
{
    static readonly HostedMode Handoff = new ModeCatalog().Add<HandoffMode>().All[0], Quorum = new ModeCatalog().Add<QuorumMode>().All[0];

    [Fact]
    public void Everybody_sends_everything()
    {
        var messages = ModeExplorer.MessagesOf(Handoff, new() { Initiator = "zoe" });

        Assert.Equal(["ada", "bob", "zoe", "eve"], messages.Select(message => message.Sender).Distinct());
        Assert.Equal(4, messages.CountBy(message => (message.Type, message.Bytes)).Select(entry => entry.Value).Distinct().Single());
    }

    [Fact]
    public void Texts_are_ids_participants_or_a_word_and_booleans_are_both()
    {
        var accepts = ModeExplorer.MessagesOf(Handoff).Where(message => message is { Type: "HandoffAccept", Sender: "ada" }).Select(message => (HandoffAcceptPayload)message.Payload).ToList();

        Assert.Equal(2 * 3 * 2, accepts.Count);
        Assert.Equal(["a", "b"], accepts.Select(accept => accept.HandoffId).Distinct());
        Assert.Equal(["", "ada", "bob"], accepts.Select(accept => accept.AcceptedBy).Distinct());
        Assert.Equal([false, true], accepts.Select(accept => accept.Implicit).Distinct());
        Assert.All(accepts, accept => Assert.Equal("word", accept.Reason));
    }

    [Fact]
    public void Numbers_are_few_and_bytes_are_left_out()
    {
        var requests = ModeExplorer.MessagesOf(Quorum).Where(message => message is { Type: "ApprovalRequest", Sender: "ada" }).Select(message => (ApprovalRequestPayload)message.Payload).ToList();

        Assert.Equal([0u, 1u, 2u], requests.Select(request => request.RequiredApprovals).Distinct());
        Assert.All(requests, request => Assert.True(request.Details.IsEmpty));
    }

    [Fact]
    public void A_value_that_is_chosen_for_a_field_replaces_the_derived_ones_and_one_for_its_message_replaces_both()
    {
        var messages = ModeExplorer.MessagesOf(Quorum, new ExplorationOptions().Trying("reason", "yes", "no").Trying("Reject.reason", "never").Trying("details", "bytes").Trying("required_approvals", 7));

        Assert.Equal(["yes", "no"], Distinct(messages, "Approve", (ApprovePayload payload) => payload.Reason));
        Assert.Equal(["never"], Distinct(messages, "Reject", (RejectPayload payload) => payload.Reason));
        Assert.Equal(["bytes"], Distinct(messages, "ApprovalRequest", (ApprovalRequestPayload payload) => payload.Details.ToStringUtf8()));
        Assert.Equal([7u], Distinct(messages, "ApprovalRequest", (ApprovalRequestPayload payload) => payload.RequiredApprovals));
    }

    [Fact]
    public void A_field_without_values_takes_its_messages_out() =>
        Assert.DoesNotContain("Reject", ModeExplorer.MessagesOf(Quorum, new ExplorationOptions().Trying("Reject.request_id")).Select(message => message.Type));

    [Fact]
    public void Commitments_are_of_both_signs_and_right_otherwise() => Assert.All(
        ModeExplorer.MessagesOf(Quorum).Where(message => message.Type == MessageTypes.Commitment).Select(message => (CommitmentPayload)message.Payload).GroupBy(payload => payload.OutcomePositive),
        sign =>
        {
            Assert.Equal(3, sign.Count());
            Assert.All(sign, payload => Assert.Null(CommitmentRules.CheckFields(payload)));
        });

    [Fact]
    public void Numbers_come_in_the_field_s_own_type()
    {
        (string, Google.Protobuf.Reflection.MessageDescriptor)[] types =
        [
            ("A", DoubleValue.Descriptor), ("B", FloatValue.Descriptor), ("C", Int64Value.Descriptor), ("D", UInt64Value.Descriptor), ("E", Int32Value.Descriptor),
            ("F", UInt32Value.Descriptor), ("G", ListValue.Descriptor), ("H", Field.Descriptor),
        ];
        var messages = ModeExplorer.MessagesOf(new(Ladder.Descriptor(types), Ladder.Mode.Open), new ExplorationOptions { Participants = ["ada"], Outsiders = [] }.Trying("cardinality", 1).Trying("kind", 1));

        Assert.Equal(new() { ["A"] = 3, ["B"] = 3, ["C"] = 3, ["D"] = 3, ["E"] = 3, ["F"] = 3, ["G"] = 1, ["H"] = 18 },
            messages.Where(message => message.Type != MessageTypes.Commitment).CountBy(message => message.Type).ToDictionary());
    }

    static IEnumerable<T> Distinct<TPayload, T>(IEnumerable<ExploredMessage> messages, string type, Func<TPayload, T> field) =>
        messages.Where(message => message.Type == type).Select(message => field((TPayload)message.Payload)).Distinct();
}
