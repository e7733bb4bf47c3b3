using Google.Protobuf;
using Macp.Modes.Standard;
using Macp.Wire.Modes.Decision.V1;

namespace Macp.Modes.Generators.Tests.Running;

public sealed class ProjectionTests
{
    [Fact]
    public void A_projection_ignores_other_sessions_other_modes_and_what_it_knows()
    {
        var table = new Table().Propose("p1");
        var again = table.History[0];
        var vote = table.Envelope("Vote", Table.Bob, new VotePayload { ProposalId = "p1", Vote = "APPROVE" });
        string before = table.Projection.ToJson();

        Assert.Equal(ProjectionResult.AlreadyApplied, table.Projection.Apply(again));
        Assert.Equal(ProjectionResult.OtherSession, table.Projection.Apply(new(vote) { SessionId = "s-2" }));
        Assert.Equal(ProjectionResult.OtherSession, table.Projection.Apply(new(vote) { Mode = "macp.mode.task.v1" }));
        Assert.Equal(ProjectionResult.Unreadable, table.Projection.Apply(new(vote) { MessageId = "x", Payload = ByteString.CopyFrom(0xFF) }));
        Assert.Equal(ProjectionResult.Unreadable, table.Projection.Apply(new(vote) { MessageId = "y", MessageType = "Nod" }));
        Assert.Equal(before, table.Projection.ToJson());
        Assert.Equal(ProjectionResult.Applied, table.Projection.Apply(vote));
    }

    [Fact]
    public void The_phase_follows_the_accepted_messages()
    {
        var table = new Table();
        Assert.Equal(DecisionMode.Phase.Proposal, table.Projection.Phase);
        Assert.Equal(DecisionMode.Phase.Evaluation, table.Propose("p1").Projection.Phase);
        Assert.Equal(DecisionMode.Phase.Evaluation, table.Object("p1", "low").Projection.Phase);
        Assert.Equal(DecisionMode.Phase.Voting, table.Vote("p1", Table.Bob, "REJECT").Projection.Phase);
        Assert.Equal(DecisionMode.Phase.Committed, table.Accept("Commitment", Table.Lead, Table.Commitment("decision.rejected", positive: false)).Projection.Phase);
        Assert.False(table.Projection.IsPositiveOutcome);
        Assert.Equal(table.Handler.Phase, table.Projection.Phase.ToString());
    }

    [Fact]
    public void What_a_reader_holds_stays_as_it_was()
    {
        var table = new Table().Propose("p1").Vote("p1", Table.Bob, "APPROVE");
        var votes = table.Projection.Votes["p1"];
        var proposals = table.Projection.Proposals;
        table.Vote("p1", Table.Carol, "REJECT");
        Assert.Single(votes);
        Assert.Single(proposals);
        Assert.Equal(2, table.Projection.Votes["p1"].Count);
    }

    [Fact]
    public void Whether_a_session_may_be_committed_is_the_runtime_s_own_rule()
    {
        var table = new Table();
        Assert.Equal(table.Judge("Commitment", Table.Lead, Table.Commitment()), table.Projection.CanCommit(positive: true));
        table.Propose("p1");
        Assert.Null(table.Projection.CanCommit(positive: true));
        Assert.Null(table.Projection.CanCommit(positive: false));
        table.Accept("Commitment", Table.Lead, Table.Commitment());
        Assert.Equal("SESSION_NOT_OPEN", table.Projection.CanCommit(positive: true)!.Code.Value);
    }

    [Fact]
    public void Readers_may_read_while_a_stream_applies()
    {
        var table = new Table().Propose("p0");
        Parallel.Invoke(
            () => { for (int i = 1; i < 300; i++) table.Projection.Apply(table.Envelope("Proposal", Table.Lead, new ProposalPayload { ProposalId = $"p{i}", Option = "o" })); },
            () => { for (int i = 1; i < 300; i++) Assert.True(table.Projection.Proposals.Values.Count() >= 1 && table.Projection.ToJson().Length > 0); });
        Assert.Equal(300, table.Projection.Proposals.Count);
    }
}
