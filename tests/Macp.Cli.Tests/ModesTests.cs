namespace Macp.Cli.Tests;

public class ModesTests
{
    [Fact]
    public async Task Everything_that_is_hosted_is_listed()
    {
        var listed = await Invocation.OfAsync("modes");

        Assert.Equal((0, ""), (listed.Status, listed.Error));
        Assert.Equal("MODE VERSION TITLE MESSAGES", Words(listed.Lines[0]));
        Assert.Equal("macp.mode.decision.v1 1.0.0 Decision Mode SessionStart Proposal Evaluation Objection Vote Commitment", Words(listed.Lines[1]));
    }

    [Fact]
    public async Task One_mode_shows_its_descriptor_and_who_may_send_what_when()
    {
        var shown = await Invocation.OfAsync("modes", "macp.mode.decision.v1");
        var words = shown.Lines.Select(Words).ToList();

        Assert.Equal((0, ""), (shown.Status, shown.Error));
        Assert.Equal("macp.mode.decision.v1 1.0.0 Decision Mode", words[0]);
        Assert.Contains("participants declared, at least 0", words);
        Assert.Contains("determinism semantic-deterministic", words);
        Assert.Contains("phases Proposal -> Evaluation -> Voting -> Committed", words);
        Assert.Contains("terminal Commitment", words);
        Assert.Equal(
            [
                "MESSAGE PARTICIPANT INITIATOR DURING MOVES TO PAYLOAD CLIENT",
                "SessionStart - yes - Proposal macp.v1.SessionStartPayload StartAsync",
                "Proposal yes if declared Proposal Evaluation Evaluation macp.modes.decision.v1.ProposalPayload ProposeAsync",
                "Evaluation yes if declared Evaluation - macp.modes.decision.v1.EvaluationPayload EvaluateAsync",
                "Objection yes if declared Evaluation - macp.modes.decision.v1.ObjectionPayload RaiseObjectionAsync",
                "Vote yes if declared Evaluation Voting Voting macp.modes.decision.v1.VotePayload VoteAsync",
                "Commitment by policy by default when ready Committed macp.v1.CommitmentPayload CommitAsync",
            ],
            words[^7..]);
    }

    [Fact]
    public async Task A_mode_that_is_not_hosted_is_told_with_the_way_out() =>
        Assert.Equal(new Invocation(2, "", "macp: ext.chess.v1 is not hosted; 'macp modes' lists what is\n"), await Invocation.OfAsync("modes", "ext.chess.v1"));

    static string Words(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
