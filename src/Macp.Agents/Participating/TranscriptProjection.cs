using Google.Protobuf;
using Macp.Modes;
using Macp.Protocol;

namespace Macp.Agents;

/// <summary>What is known of a session without knowing its mode: who takes part, what was said, and whether it is committed. What the mode calls phases it cannot tell.</summary>
/// <param name="mode">The mode's identifier.</param>
public sealed class TranscriptProjection(string mode) : Projection<TranscriptProjection.State, TranscriptProjection.Progress>(mode)
{
    /// <summary>How far a session has come whose mode is not known.</summary>
    public enum Progress
    {
        /// <summary>Messages may follow.</summary>
        Open,

        /// <summary>The outcome binds.</summary>
        Committed,
    }

    /// <summary>What the transcript adds up to.</summary>
    public sealed record State
    {
        /// <summary>Whether the session is committed.</summary>
        public bool IsCommitted { get; internal set; }
    }

    /// <inheritdoc/>
    protected override Progress PhaseOf(State state, SessionContext session) => state.IsCommitted ? Progress.Committed : Progress.Open;

    /// <inheritdoc/>
    protected override Anomaly? Evolve(State state, SessionContext session, in MessageContext message, ByteString payload)
    {
        state.IsCommitted |= message.Type == MessageTypes.Commitment;
        return null;
    }

    /// <inheritdoc/>
    protected override void WriteState(State state, SessionContext session, CanonicalJson json) =>
        json.BeginObject().Key("phase").Value(PhaseOf(state, session).ToString()).EndObject();
}
