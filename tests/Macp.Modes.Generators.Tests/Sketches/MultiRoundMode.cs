using System.Text.Json;
using Macp.Wire.Modes.MultiRound.V1;

namespace Macp.Modes.Sketches;

/// <summary>Iterative convergence, sketched: an older payload form, and a computed phase that costs the same whatever the number of participants.</summary>
[Mode("ext.multi_round.v1", Title = "Multi-Round Mode", Participants = ParticipantModel.Peer)]
public sealed partial class MultiRoundMode
{
    public enum Phase { Gathering, Converged, Committed }

    public sealed partial class State
    {
        public int Round { get; internal set; }
        public Dictionary<string, string> Contributions { get; } = new(StringComparer.Ordinal);
        public Dictionary<string, int> Supporters { get; } = new(StringComparer.Ordinal);
    }

    [Message<Phase>("Contribute", During = [Phase.Gathering])]
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

    [LegacyPayload("Contribute")]
    static ContributePayload? ReadJson(ReadOnlySpan<byte> payload)
    {
        var reader = new Utf8JsonReader(payload);
        try
        {
            return JsonDocument.TryParseValue(ref reader, out var json) && json.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.String ? new() { Value = value.GetString() } : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter for text that is no Unicode
        {
            return null;
        }
    }

    [ComputedPhase]
    static Phase PhaseOf(State state, SessionContext session) =>
        state.Supporters.Count == 1 && state.Contributions.Count == session.Participants.Count ? Phase.Converged : Phase.Gathering;

    [Commitment<Phase>(MovesTo = Phase.Committed)]
    static Rejection? HasConverged(State state, SessionContext session) =>
        PhaseOf(state, session) is Phase.Converged ? null : Rejection.InvalidEnvelope("the participants have not converged on one value");

    /// <summary>The value that everybody contributed.</summary>
    public static string? ConvergedValue(State state, SessionContext session) =>
        PhaseOf(state, session) is Phase.Converged ? state.Supporters.Keys.First() : null;
}
