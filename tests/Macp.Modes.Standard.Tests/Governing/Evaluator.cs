using Macp.Wire.V1;

namespace Macp.Modes.Standard.Tests.Governing;

/// <summary>The mode's own evaluator, asked about a deliberation.</summary>
static class Evaluator
{
    public const string Lead = "agent://lead";

    public static Rejection? Judge(Deliberation said, DecisionRules rules, CommitmentPolicy commitment, uint version, bool positive) =>
        DecisionMode.Validator.CanCommit(StateOf(said), Bound(said, rules, commitment, version), positive);

    public static SessionContext Bound(Deliberation said, DecisionRules rules, CommitmentPolicy commitment, uint version) => new(
        new Envelope { Sender = Lead, Mode = DecisionMode.Descriptor.Identifier },
        new SessionStartPayload { Participants = { said.Participants } },
        new PolicyBinding("policy.test", rules) { Commitment = commitment, SchemaVersion = version });

    public static DecisionMode.State StateOf(Deliberation said)
    {
        var state = new DecisionMode.State();
        state.Proposals.Add("p", new("p", "an option", "", Lead));
        foreach (var (proposal, sender, vote) in said.Votes)
        {
            state.Proposals.TryAdd(proposal, new(proposal, "an option", "", Lead));
            if (!state.Votes.TryGetValue(proposal, out var ballots)) state.Votes.Add(proposal, ballots = []);
            ballots.Add(sender, new(proposal, vote, "", sender));
        }
        for (int i = 0; i < said.CriticalObjections; i++) state.Objections.Add(new("p", "no", "critical", Lead));
        foreach (var (recommendation, confidence) in said.Evaluations ?? []) state.Evaluations.Add(new("p", recommendation, confidence, "", Lead));
        return state;
    }
}
