using Macp.Client;
using Macp.Wire.V1;

namespace Macp.Testing;

/// <summary>What happens while a fixture is played, as it happens.</summary>
public abstract record FixtureEvent
{
    FixtureEvent()
    {
    }

    /// <summary>The session was started.</summary>
    /// <param name="SessionId">Its id, new for each run.</param>
    /// <param name="Phase">The phase it begins in.</param>
    public sealed record Started(string SessionId, string Phase) : FixtureEvent;

    /// <summary>A message was answered.</summary>
    /// <param name="Message">The message.</param>
    /// <param name="Ack">The answer.</param>
    /// <param name="Phase">The phase after it.</param>
    /// <param name="PhaseBefore">The phase before it.</param>
    /// <param name="Failure">How the answer differs from what the fixture expects; null when it does not.</param>
    public sealed record Answered(FixtureMessage Message, MacpAck Ack, string PhaseBefore, string Phase, string? Failure) : FixtureEvent;

    /// <summary>Everything was played.</summary>
    /// <param name="State">The session's state, as the runtime tells it.</param>
    /// <param name="ModeState">The mode's state as canonical JSON, folded from the history that the runtime streamed.</param>
    /// <param name="Commitment">The accepted commitment; null when there is none.</param>
    /// <param name="Failures">Every expectation that did not hold, those of the messages included.</param>
    public sealed record Finished(SessionState State, string ModeState, CommitmentPayload? Commitment, IReadOnlyList<string> Failures) : FixtureEvent
    {
        /// <summary>The commitment's canonical hash (RFC-MACP-0013); null when there is none.</summary>
        public string? CommitmentHash => Commitment is null ? null : Protocol.CommitmentHash.Compute(Commitment);
    }
}
