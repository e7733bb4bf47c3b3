using Macp.Client;
using Macp.Wire.V1;

namespace Macp.Agents;

/// <summary>What taking part came to.</summary>
/// <param name="State">How the session stands: resolved, expired or cancelled, or as it was when the participant was stopped.</param>
/// <param name="Commitment">The outcome that binds; null without one.</param>
public sealed record ParticipantResult(SessionState State, CommitmentPayload? Commitment = null)
{
    /// <summary>Whether the session has ended; else the participant was stopped before.</summary>
    public bool IsEnded => State.IsTerminal();
}
