using Macp.Client;
using Macp.Modes;
using Macp.Modes.MultiRound;
using Macp.Modes.Standard;
using Macp.Wire.V1;

namespace Macp.Agents;

/// <summary>What all strategies ask before they act.</summary>
static class Acting
{
    /// <summary>Whether the session takes messages: it is neither suspended nor at its end.</summary>
    public static bool IsOpen<TSession>(this AgentContext<TSession> context)
        where TSession : class, IModeSession => context.Session.State is SessionState.Open && !context.Session.Projection.IsCommitted;

    /// <summary>Whether the session takes messages, and the participant is a declared one, as whoever answers must be.</summary>
    public static bool TakesPart<TSession>(this AgentContext<TSession> context)
        where TSession : class, IModeSession => context.IsOpen() && context.Session.Projection.Session?.IsParticipant(context.ParticipantId) is true;

    /// <summary>Whether the participant may commit: the initiator, or whomever the policy designates (RFC-MACP-0012).</summary>
    public static bool MayCommit<TSession>(this AgentContext<TSession> context)
        where TSession : class, IModeSession => context.Session.Projection.Session?.MayCommit(context.ParticipantId) is true;

    /// <summary>Why the session cannot be committed to this sign now; null when it can, or when only the runtime knows.</summary>
    public static Rejection? CanCommit(IModeSession session, bool positive) => session switch
    {
        DecisionSession decision => decision.Projection.CanCommit(positive),
        ProposalSession proposal => proposal.Projection.CanCommit(positive),
        TaskSession task => task.Projection.CanCommit(positive),
        HandoffSession handoff => handoff.Projection.CanCommit(positive),
        QuorumSession quorum => quorum.Projection.CanCommit(positive),
        MultiRoundSession rounds => rounds.Projection.CanCommit(positive),
        _ => null,
    };
}
