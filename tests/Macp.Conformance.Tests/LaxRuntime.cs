using Google.Protobuf;
using Macp.Modes;
using Macp.Modes.Standard;
using Macp.Protocol;
using Macp.Testing;

namespace Macp.Conformance.Tests;

/// <summary>A runtime elsewhere may break any rule. Its history need not fold here, and a run against it must end in a verdict.</summary>
public class LaxRuntime
{
    [Fact]
    public async Task What_it_accepts_against_the_rules_is_told_message_by_message()
    {
        await using var runtime = await TestRuntime.StartAsync(modes => modes.Add<LaxMode>());
        await using var conformance = await Testing.Conformance.ConnectAsync(new ModeCatalog().Add<DecisionMode>(), runtime.Endpoint);

        var result = await conformance.CheckAsync("lax", OwnFixtures.Read("decision_references_and_phases"));

        Assert.Equal(CheckVerdict.Fail, result.Verdict);
        Assert.Contains("messages[4] (Proposal of agent://b): expected reject with INVALID_ENVELOPE, got accept; ", result.Reason, StringComparison.Ordinal);
        Assert.Contains("messages[16] (Vote of agent://a): expected reject with INVALID_ENVELOPE, got accept; ", result.Reason, StringComparison.Ordinal);
        Assert.Contains("; the history cannot be folded beyond message m5 (Proposal of agent://b), which macp.mode.decision.v1 does not allow: ", result.Reason, StringComparison.Ordinal);
    }

    /// <summary>Decision without its rules: what can be read is accepted, whoever sends it and whenever.</summary>
    sealed class LaxMode : IMode
    {
        static readonly HostedMode Decision = new ModeCatalog().Add<DecisionMode>().All[0];

        public static ModeDescriptor Descriptor => Decision.Descriptor;

        public static SessionHandler Open(SessionContext session) => new Handler(session);

        sealed class Handler(SessionContext session) : SessionHandler
        {
            public override SessionContext Session => session;
            public override string Phase => "Any";
            public override bool IsCommitted => false;
            public override Rejection? CanStart() => null;
            public override Verdict Decide(in MessageContext message, ByteString payload) => Verdict.Accept(Descriptor.PayloadOf(message.Type)!.Parser.ParseFrom(payload));
            public override void Evolve(in MessageContext message, IMessage payload) { }
            public override IMessage Recall(in MessageContext message, ByteString payload) => Descriptor.PayloadOf(message.Type)!.Parser.ParseFrom(payload);
            public override IReadOnlyList<DueMessage> ComesDue(in MessageContext message, IMessage payload) => [];
            public override void WriteState(CanonicalJson json) => json.BeginObject().EndObject();
        }
    }
}
