using Google.Protobuf;
using Macp.Modes.Standard;
using Macp.Wire.Modes.Decision.V1;

namespace Macp.Modes.Generators.Tests.Running;

/// <summary>What a mode may cost: memory to decide.</summary>
public sealed class BudgetTests
{
    [Fact]
    public void An_accepted_vote_allocates_its_payload_and_nothing_else()
    {
        var table = new Table().Propose("p1");
        var bytes = new VotePayload { ProposalId = "p1", Vote = "APPROVE", Reason = "because" }.ToByteString();
        var state = table.Projection.CopyState();
        var message = new MessageContext("Vote", Table.Bob, "m");

        AssertSame(() => VotePayload.Parser.ParseFrom(bytes.Span), () => Assert.Null(DecisionMode.Validator.Decide(state, table.Session, message, bytes).Rejection));
    }

    [Fact]
    public void An_accepted_evaluation_that_is_folded_allocates_no_text_for_it()
    {
        var table = new Table().Propose("p1");
        var bytes = new EvaluationPayload { ProposalId = "p1", Recommendation = "approve", Confidence = 0.5 }.ToByteString();
        var state = table.Projection.CopyState();
        var message = new MessageContext("Evaluation", Table.Bob, "m");

        AssertSame(() => EvaluationPayload.Parser.ParseFrom(bytes.Span), () => Assert.Null(DecisionMode.Validator.Decide(state, table.Session, message, bytes).Rejection));
    }

    /// <summary>
    /// Once warm, one allocates by the call what the other does. They are called by turns, for what code allocates changes when it is compiled anew, which happens
    /// at any time.
    /// </summary>
    static void AssertSame(Action expected, Action actual)
    {
        const int Calls = 1000;
        long ofExpected = 0, ofActual = 0;
        for (int i = -Calls; i < Calls; i++)
        {
            if (i == 0) (ofExpected, ofActual) = (0, 0);
            ofExpected += Allocated(expected);
            ofActual += Allocated(actual);
        }
        Assert.True(ofExpected > 0);
        // The smallest object has 24 bytes.
        Assert.InRange(ofActual, ofExpected - Calls, ofExpected + Calls);
    }

    static long Allocated(Action act)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        act();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
