using System.Text.Json;
using Macp.Wire.Modes.MultiRound.V1;

namespace Macp.Modes.MultiRound;

/// <summary>Iterative convergence: participants contribute values until all contribute the same.</summary>
[Mode("ext.multi_round.v1", Title = "Multi-Round Mode",
    Description = "Iterative convergence: participants contribute values, round by round, until all of them contribute the same one.",
    Participants = ParticipantModel.Peer, Determinism = DeterminismClass.SemanticDeterministic)]
public sealed partial class MultiRoundMode
{
    /// <summary>How far the convergence has come.</summary>
    public enum Phase
    {
        /// <summary>The values differ, or some are missing.</summary>
        Gathering,

        /// <summary>Every participant contributed the same value; none can change its mind any more.</summary>
        Converged,

        /// <summary>The outcome binds.</summary>
        Committed,
    }

    /// <summary>What the accepted history adds up to.</summary>
    public sealed partial class State
    {
        /// <summary>How many contributions were new or changed.</summary>
        public int Round { get; internal set; }

        /// <summary>The value that each participant contributes now.</summary>
        public Dictionary<string, string> Contributions { get; } = new(StringComparer.Ordinal);

        /// <summary>How many participants contribute each value: it tells convergence without a look at them all.</summary>
        public Dictionary<string, int> Supporters { get; } = new(StringComparer.Ordinal);
    }

    [Message<Phase>("Contribute", During = [Phase.Gathering]), Leads<Phase>(Phase.Converged, OrStays = true)]
    static void Contributed(State state, ContributePayload contribution, MessageContext message)
    {
        if (state.Contributions.TryGetValue(message.Sender, out string? before))
        {
            if (before == contribution.Value) return;
            if (--state.Supporters[before] == 0) state.Supporters.Remove(before);
        }
        state.Contributions[message.Sender] = contribution.Value;
        state.Supporters[contribution.Value] = state.Supporters.GetValueOrDefault(contribution.Value) + 1;
        state.Round++;
    }

    // What older clients send, and older histories hold: {"value":"..."}.
    [LegacyPayload("Contribute")]
    static ContributePayload? ReadJson(ReadOnlySpan<byte> payload)
    {
        var reader = new Utf8JsonReader(payload);
        try
        {
            using var json = JsonDocument.ParseValue(ref reader);
            bool isWhole = !reader.Read(); // text after the object is an error, which it throws
            return isWhole && json.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("value", out var value)
                && value.ValueKind is JsonValueKind.String ? new() { Value = value.GetString() } : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter for text that is no Unicode
        {
            return null;
        }
    }

    [ComputedPhase]
    static Phase PhaseOf(State state, SessionContext session) =>
        state.Supporters.Count == 1 && state.Contributions.Count == session.Participants.Count ? Phase.Converged : Phase.Gathering;

    [Commitment<Phase>(MovesTo = Phase.Committed, Positive = "all participants contribute the same value", PositiveDuring = [Phase.Converged])]
    static Rejection? HasConverged(State state, SessionContext session) =>
        PhaseOf(state, session) is Phase.Converged ? null : Rejection.InvalidEnvelope("the participants have not converged on one value");

    /// <summary>Whether every participant contributes the same value.</summary>
    public static bool IsConverged(State state, SessionContext session) => PhaseOf(state, session) is Phase.Converged;

    /// <summary>The value that every participant contributes; null before they converge.</summary>
    public static string? ConvergedValue(State state, SessionContext session) => IsConverged(state, session) ? state.Supporters.Keys.First() : null;
}
