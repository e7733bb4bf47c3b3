using Macp.Modes.Standard;
using Macp.Wire.Modes.Decision.V1;

namespace Macp.Modes.Generators.Tests.Running;

/// <summary>A state is a value: it compares, it is written one way, and folding gives it again.</summary>
public sealed class StateTests
{
    static Table Deliberated() => new Table().Propose("b").Propose("a", Table.Carol).Evaluate("b", "approve").Object("a", "").Vote("b", Table.Carol, "Approve").Vote("b", Table.Bob, "abstain");

    [Fact]
    public void Canonical_json_is_snake_case_with_its_keys_in_ordinal_order() => Assert.Equal("""
        {"evaluations":[{"confidence":0.5,"proposal_id":"b","reason":"","recommendation":"APPROVE","sender":"agent://bob"}],"objections":[{"proposal_id":"a","reason":"no","sender":"agent://bob","severity":"medium"}],"phase":"Voting","proposals":{"a":{"option":"option a","proposal_id":"a","rationale":"","sender":"agent://carol"},"b":{"option":"option b","proposal_id":"b","rationale":"","sender":"agent://alice"}},"votes":{"b":{"agent://bob":{"proposal_id":"b","reason":"","sender":"agent://bob","vote":"ABSTAIN"},"agent://carol":{"proposal_id":"b","reason":"","sender":"agent://carol","vote":"APPROVE"}}}}
        """, Deliberated().State());

    [Fact]
    public void The_runtime_and_a_client_write_the_same_state()
    {
        var table = Deliberated();
        Assert.Equal(table.State(), table.Projection.ToJson());
    }

    [Fact]
    public void Two_runs_of_one_history_give_equal_states()
    {
        var left = Deliberated().Projection.CopyState();
        var right = Deliberated().Projection.CopyState();
        Assert.NotSame(left, right);
        Assert.True(left.Equals(right) && left.Equals((object)right));
        Assert.Equal(left.GetHashCode(), right.GetHashCode());
    }

    [Fact]
    public void Each_part_of_a_state_counts()
    {
        var state = Deliberated().Projection.CopyState();
        Assert.False(state.Equals(null));
        Assert.All(
            new Action<DecisionMode.State>[]
            {
                s => s.Proposals.Remove("a"),
                s => s.Proposals["a"] = s.Proposals["a"] with { Rationale = "other" },
                s => s.Evaluations[0] = s.Evaluations[0] with { Confidence = 0.6 },
                s => s.Objections.Add(s.Objections[0]),
                s => s.Votes["b"].Remove(Table.Bob),
                s => s.Votes.Add("a", []),
            },
            change =>
            {
                var changed = Deliberated().Projection.CopyState();
                change(changed);
                Assert.False(state.Equals(changed) || changed.Equals(state));
            });
    }

    [Fact]
    public void Tables_have_no_order_and_lists_do()
    {
        var one = new Table().Propose("a").Propose("b").Evaluate("a", "REVIEW").Evaluate("b", "REVIEW").Projection.CopyState();
        Assert.Equal(one, new Table().Propose("b").Propose("a").Evaluate("a", "REVIEW").Evaluate("b", "REVIEW").Projection.CopyState());
        Assert.NotEqual(one, new Table().Propose("a").Propose("b").Evaluate("b", "REVIEW").Evaluate("a", "REVIEW").Projection.CopyState());
    }

    [Fact]
    public void A_copy_by_folding_is_the_live_state_and_nobody_else_s()
    {
        var table = Deliberated();
        var copy = table.Projection.CopyState();
        copy.Proposals.Clear();
        Assert.NotEqual(copy, table.Projection.CopyState());
        Assert.Equal(2, table.Projection.Proposals.Count);
    }

    [Fact]
    public void A_stored_history_folds_to_the_state_that_decided_it()
    {
        var table = Deliberated().Accept("Commitment", Table.Lead, Table.Commitment());
        SessionHandler replayed = new DecisionHandler(table.Session);
        foreach (var envelope in table.History) replayed.Evolve(MessageContext.Of(envelope), envelope.Payload);
        var json = new Protocol.CanonicalJson();
        replayed.WriteState(json);
        Assert.Equal(table.State(), json.ToString());
        Assert.True(replayed.IsCommitted);
        Assert.Equal("Committed", replayed.Phase);
    }

    [Fact]
    public void A_history_with_a_message_that_no_mode_has_is_told_apart()
    {
        SessionHandler handler = new DecisionHandler(new Table().Session);
        var unknown = Assert.Throws<InvalidDataException>(() => handler.Evolve(new("Nod", Table.Bob, "m"), new VotePayload()));
        Assert.Equal("macp.mode.decision.v1 has no message type 'Nod'", unknown.Message);
    }
}
