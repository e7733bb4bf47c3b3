using Google.Protobuf;
using Macp.Modes.MultiRound;
using Macp.Protocol;
using Macp.Testing;
using Macp.Wire.V1;

namespace Macp.Modes.Standard.Tests.Properties;

/// <summary>A mode under test: what is generated of it, with its types taken away, and the messages that are chosen among.</summary>
public abstract class Subject
{
    static readonly ExplorationOptions Three = new() { Participants = ["ada", "bob", "cyd"] };

    protected Subject(HostedMode mode, ExplorationOptions options, string[] rare)
    {
        Mode = mode;
        Messages = ModeExplorer.MessagesOf(mode, options);
        var own = Messages.Where(message => message.Type != MessageTypes.Commitment && !options.Outsiders.Contains(message.Sender)).ToArray();
        new Random(1).Shuffle(own);
        ByType = [.. own.GroupBy(message => message.Type).SelectMany(type => Enumerable.Repeat(type.ToArray(), rare.Contains(type.Key) ? 1 : 4))];
        Start = new()
        {
            MacpVersion = MacpProtocol.Version,
            Mode = mode.Descriptor.Identifier,
            MessageType = MessageTypes.SessionStart,
            MessageId = "start",
            SessionId = SessionIds.New(),
            Sender = options.Initiator,
            Payload = new SessionStartPayload
            {
                Participants = { options.Participants },
                ModeVersion = mode.Descriptor.Version,
                ConfigurationVersion = MacpProtocol.DefaultConfigurationVersion,
                TtlMs = MacpProtocol.MaxTtlMs,
            }.ToByteString(),
        };
    }

    public static IReadOnlyDictionary<string, Subject> All { get; } = new Dictionary<string, Subject>
    {
        ["Decision"] = new Subject<DecisionMode, DecisionMode.State, DecisionProjection>(
            DecisionMode.Validator.Decide, DecisionMode.Reducer.Evolve, DecisionMode.Reducer.Evolve, (state, session, json) => state.WriteTo(json, DecisionMode.Reducer.PhaseOf(state, session)),
            Three.Trying("recommendation", "APPROVE", "block").Trying("severity", "", "HIGH").Trying("vote", "approve", "REJECT", "Abstain").Trying("confidence", 0.5, 1)),
        ["Proposal"] = new Subject<ProposalMode, ProposalMode.State, ProposalProjection>(
            ProposalMode.Validator.Decide, ProposalMode.Reducer.Evolve, ProposalMode.Reducer.Evolve, (state, session, json) => state.WriteTo(json, ProposalMode.Reducer.PhaseOf(state, session)),
            Three with { Participants = ["ada", "bob"], Ids = ["a", "b", "c"] }, "Reject", "Withdraw"),
        ["Task"] = new Subject<TaskMode, TaskMode.State, TaskProjection>(
            TaskMode.Validator.Decide, TaskMode.Reducer.Evolve, TaskMode.Reducer.Evolve, (state, session, json) => state.WriteTo(json, TaskMode.Reducer.PhaseOf(state, session)),
            Three.Trying("deadline_unix_ms", 0).Trying("progress", 0.25, 1).Trying("output", "done"), "TaskReject"),
        ["Handoff"] = new Subject<HandoffMode, HandoffMode.State, HandoffProjection>(
            HandoffMode.Validator.Decide, HandoffMode.Reducer.Evolve, HandoffMode.Reducer.Evolve, (state, session, json) => state.WriteTo(json, HandoffMode.Reducer.PhaseOf(state, session)),
            (Three with { Ids = ["a", "b", "c", "d"] }).Trying("context", "text")),
        ["Quorum"] = new Subject<QuorumMode, QuorumMode.State, QuorumProjection>(
            QuorumMode.Validator.Decide, QuorumMode.Reducer.Evolve, QuorumMode.Reducer.Evolve, (state, session, json) => state.WriteTo(json, QuorumMode.Reducer.PhaseOf(state, session)),
            Three.Trying("required_approvals", 0, 1, 2, 3, 4).Trying("reason", "", "because")),
        ["MultiRound"] = new Subject<MultiRoundMode, MultiRoundMode.State, MultiRoundProjection>(
            MultiRoundMode.Validator.Decide, MultiRoundMode.Reducer.Evolve, MultiRoundMode.Reducer.Evolve, (state, session, json) => state.WriteTo(json, MultiRoundMode.Reducer.PhaseOf(state, session)),
            Three.Trying("value", "x", "y")),
    };

    public HostedMode Mode { get; }

    /// <summary>What an exploration would try, the commitments of everybody among it.</summary>
    public IReadOnlyList<ExploredMessage> Messages { get; }

    /// <summary>
    /// What those in the session may send, but for commitments: by type, so that each gets its turn however many messages it has; shuffled, so that the
    /// first that is legal after any place is any of them. A type stands there as often as it is wanted.
    /// </summary>
    public IReadOnlyList<ExploredMessage[]> ByType { get; }

    public Envelope Start { get; }

    public SessionContext NewSession() => new(Start, SessionStartPayload.Parser.ParseFrom(Start.Payload));

    /// <summary>The same mode for a kernel, whose handlers can be looked at.</summary>
    public abstract void AddSpied(ModeCatalog catalog);

    public abstract IProjection NewProjection();

    /// <summary>The generated validator and reducer with a state of their own, beside the handler's.</summary>
    public abstract Twin NewTwin();
}

/// <summary>A state that is judged and folded by the static generated code.</summary>
public abstract class Twin
{
    public abstract Verdict Decide(in MessageContext message, ByteString payload);

    public abstract void Evolve(in MessageContext message, IMessage payload);

    public abstract void Evolve(in MessageContext message, ByteString payload);

    /// <summary>Whether the two states are equal, in both directions and with their hash codes.</summary>
    public abstract bool IsSameAs(Twin other);

    public abstract string Json();
}

sealed class Subject<TMode, TState, TProjection>(
    Judge<TState> decide, Fold<TState, IMessage> evolve, Fold<TState, ByteString> recall, Action<TState, SessionContext, CanonicalJson> write, ExplorationOptions options,
    params string[] rare) : Subject(new ModeCatalog().Add<TMode>().All[0], options, rare)
    where TMode : IMode
    where TState : class, IEquatable<TState>, new()
    where TProjection : IProjection, new()
{
    public override void AddSpied(ModeCatalog catalog) => catalog.Add<Spied<TMode>>();

    public override IProjection NewProjection() => new TProjection();

    public override Twin NewTwin() => new StaticTwin(this, NewSession());

    sealed class StaticTwin(Subject<TMode, TState, TProjection> subject, SessionContext session) : Twin
    {
        readonly TState _state = new();

        public override Verdict Decide(in MessageContext message, ByteString payload) => subject.Decide(_state, session, message, payload);

        public override void Evolve(in MessageContext message, IMessage payload) => subject.Evolve(_state, session, message, payload);

        public override void Evolve(in MessageContext message, ByteString payload) => subject.Recall(_state, session, message, payload);

        public override bool IsSameAs(Twin other) => other is StaticTwin { _state: var that } && _state.Equals(that) && that.Equals(_state) && _state.GetHashCode() == that.GetHashCode();

        public override string Json()
        {
            var json = new CanonicalJson();
            subject.Write(_state, session, json);
            return json.ToString();
        }
    }

    Judge<TState> Decide => decide;

    Fold<TState, IMessage> Evolve => evolve;

    Fold<TState, ByteString> Recall => recall;

    Action<TState, SessionContext, CanonicalJson> Write => write;
}

delegate Verdict Judge<TState>(TState state, SessionContext session, in MessageContext message, ByteString payload);

delegate void Fold<TState, TPayload>(TState state, SessionContext session, in MessageContext message, TPayload payload);
