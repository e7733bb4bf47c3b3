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

        long parsing = Allocated(() => VotePayload.Parser.ParseFrom(bytes.Span));
        long deciding = Allocated(() => Assert.Null(DecisionMode.Validator.Decide(state, table.Session, message, bytes).Rejection));
        Assert.Equal(parsing, deciding);
    }

    [Fact]
    public void An_accepted_evaluation_that_is_folded_allocates_no_text_for_it()
    {
        var table = new Table().Propose("p1");
        var bytes = new EvaluationPayload { ProposalId = "p1", Recommendation = "approve", Confidence = 0.5 }.ToByteString();
        var state = table.Projection.CopyState();
        var message = new MessageContext("Evaluation", Table.Bob, "m");

        long parsing = Allocated(() => EvaluationPayload.Parser.ParseFrom(bytes.Span));
        long deciding = Allocated(() => Assert.Null(DecisionMode.Validator.Decide(state, table.Session, message, bytes).Rejection));
        Assert.Equal(parsing, deciding);
    }

    /// <summary>The bytes that one call allocates, when everything is warm.</summary>
    static long Allocated(Action act)
    {
        const int Calls = 1000;
        for (int i = 0; i < Calls; i++) act();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Calls; i++) act();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Calls;
    }
}
