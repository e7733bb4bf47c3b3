using Macp.Agents;
using Macp.Client;
using Macp.Modes.Standard;
using Macp.Wire.Modes.Decision.V1;

namespace Documented;

/// <summary>Starts a decision, calls it off where somebody blocks it, and commits to what the majority wants.</summary>
public static class Chair
{
    public static Task<ParticipantResult> DecideAsync(MacpClient client, string sessionId, CancellationToken cancellationToken = default) =>
        new MacpParticipant<DecisionSession>(new(client, new() { SessionId = sessionId }), new()
        {
            Initiator = new()
            {
                Start = new() { Intent = "choose a day", Participants = ["chair", "ann", "bob"], TimeToLive = TimeSpan.FromMinutes(5) },
                Kickoff = Kickoff.Of("Proposal", new ProposalPayload { ProposalId = "p1", Option = "monday" }),
            },
        })
        .On<EvaluationPayload>(async (evaluation, context, token) =>
        {
            if (evaluation.Recommendation is "BLOCK") await context.Session.CancelAsync(evaluation.Reason, cancellationToken: token);
        })
        .OnPhase(DecisionMode.Phase.Voting, (context, _) => Console.Out.WriteLineAsync($"{context.Sender} votes first"))
        .CommitWith(new MajorityCommitter { MinimumApprovals = 2, Action = "day.chosen", AuthorityScope = "the team" })
        .OnTerminal((result, _) => Console.Out.WriteLineAsync($"{result.State}: {result.Commitment?.Reason}"))
        .RunAsync(cancellationToken);
}
