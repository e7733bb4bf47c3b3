using Google.Protobuf;
using Macp.Protocol;

namespace Macp.Modes.Tests.Folding;

enum TallyPhase { Counting, Committed }

/// <summary>The projection of a mode that counts words, written by hand: what the generator would write, and a reducer that can be made to throw.</summary>
sealed class TallyProjection() : Projection<TallyProjection.State, TallyPhase>("ext.tally.v1")
{
    static readonly PayloadReader<SignalPayload> Reader = new();
    static readonly PayloadReader<CommitmentPayload> Commitments = new();

    public int Words => Query(static (state, _) => state.Counts.Values.Sum());

    public IReadOnlyDictionary<string, int> Counts => Query(static (state, _) => ReadOnly.Table(state.Counts));

    /// <summary>Two parts of the state that every message changes together; a reader must never see them apart.</summary>
    public (int Sum, int Length) Halves => Query(static (state, _) => (state.Counts.Values.Sum(), state.InOrder.Count));

    protected override TallyPhase PhaseOf(State state, SessionContext session) => state.IsCommitted ? TallyPhase.Committed : TallyPhase.Counting;

    protected override Anomaly? Evolve(State state, SessionContext session, in MessageContext message, ByteString payload)
    {
        switch (message.Type)
        {
            case "Word":
                string word = Reader.Recall(payload).SignalType;
                state.Counts[word] = state.Counts.GetValueOrDefault(word) + 1;
                if (word == "half") throw new ArgumentException("the reducer stopped half way");
                state.InOrder.Add($"{message.Sender}/{session.Participants.Count}");
                break;
            case MessageTypes.Commitment:
                Commitments.Recall(payload);
                state.IsCommitted = true;
                break;
            default:
                throw new InvalidDataException($"no such type: {message.Type}");
        }
        return null;
    }

    protected override void WriteState(State state, SessionContext session, CanonicalJson json)
    {
        json.BeginObject();
        foreach (var (word, count) in InOrder.Of(state.Counts)) json.Key(word).Value(count);
        json.EndObject();
    }

    public sealed class State : IEquatable<State>
    {
        public Dictionary<string, int> Counts { get; } = new(StringComparer.Ordinal);
        public List<string> InOrder { get; } = [];
        public bool IsCommitted { get; set; }

        public bool Equals(State? other) =>
            other is not null && IsCommitted == other.IsCommitted && Same.Table(Counts, other.Counts) && Same.List(InOrder, other.InOrder);

        public override bool Equals(object? obj) => Equals(obj as State);

        public override int GetHashCode() => HashCode.Combine(Counts.Count, InOrder.Count, IsCommitted);
    }
}
