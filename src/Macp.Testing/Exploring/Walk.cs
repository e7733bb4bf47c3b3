using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Testing.Exploring;

/// <summary>
/// One exploration. Handlers cannot be copied, so a state is kept as the messages that lead there, and folded again when it is gone on from or when a
/// message leads on from it: paths are short, and folding is what modes are quick at.
/// </summary>
sealed class Walk
{
    readonly HostedMode _mode;
    readonly ExplorationOptions _options;
    readonly SessionContext _session;
    readonly StateGraph _graph = new();
    readonly Dictionary<string, int> _accepted = new(StringComparer.Ordinal);
    readonly Dictionary<ErrorCode, int> _refused = [];
    readonly HashSet<string> _phases = new(StringComparer.Ordinal);
    IReadOnlyList<ExploredMessage>? _positive, _negative, _past;

    public Walk(HostedMode mode, ExplorationOptions options)
    {
        (_mode, _options) = (mode, options);
        var start = new SessionStartPayload
        {
            Participants = { options.Participants },
            ModeVersion = mode.Descriptor.Version,
            ConfigurationVersion = MacpProtocol.DefaultConfigurationVersion,
        };
        _session = new(new Envelope { SessionId = "exploration", Mode = mode.Descriptor.Identifier, Sender = options.Initiator, MessageType = MessageTypes.SessionStart }, start);
        Messages = new Alphabet(options).Of(mode.Descriptor, _session);
    }

    public List<ExploredMessage> Messages { get; }

    public Exploration Run()
    {
        var start = _mode.Open(_session);
        if (start.CanStart() is { } refused) throw new ArgumentException($"{_mode.Descriptor.Identifier} does not start so: {refused.Reason}");
        Discover(start, from: null, by: null, pending: []);

        // States are found in the order of their distance, so that the first way to each is a shortest one.
        for (int at = 0; at < _graph.Count && !_graph.IsCutOff; at++)
            if (_graph[at].Depth < _options.Depth) Expand(_graph[at]);
        return Report();
    }

    void Expand(StateNode from)
    {
        var handler = FoldTo(from);
        string before = Write(handler);
        foreach (var message in Messages.Concat(from.Pending))
        {
            var context = ContextOf(message, from.Depth + 1);
            var verdict = handler.Decide(context, message.Bytes);
            if (verdict.Rejection is { } rejection) _refused[rejection.Code] = _refused.GetValueOrDefault(rejection.Code) + 1;
            else Accept(from, message, context, verdict);
        }
        if (Write(handler) != before) throw new InvalidOperationException($"{_mode.Descriptor.Identifier} changed its state in deciding, after {Tell(from.Path())}.");
        from.IsExplored = true;
    }

    void Accept(StateNode from, ExploredMessage message, in MessageContext context, Verdict verdict)
    {
        _accepted[message.Type] = _accepted.GetValueOrDefault(message.Type) + 1;
        if (from.IsCommitted) _past ??= [.. from.Path(), message];
        else if (verdict.Payload is CommitmentPayload { OutcomePositive: true }) _positive ??= [.. from.Path(), message];
        else if (verdict.Payload is CommitmentPayload) _negative ??= [.. from.Path(), message];

        var handler = FoldTo(from);
        handler.Evolve(context, message.Bytes);
        Discover(handler, from, message, PendingAfter(handler, from, message, context, verdict));
    }

    // Time is not explored: what is pending may come at any moment, as if the others had been quick or slow enough. One that is refused stays pending,
    // so that a commitment is thought possible rather than missed.
    List<ExploredMessage> PendingAfter(SessionHandler handler, StateNode from, ExploredMessage message, in MessageContext context, Verdict verdict)
    {
        if (handler.IsCommitted) return [];
        var set = handler.ComesDue(context, verdict.Payload!);
        return set.Count == 0 && message.DueId is null ? from.Pending
            : [.. from.Pending.Where(due => due.DueId != message.DueId), .. set.Select(due => new ExploredMessage(due.Type, due.Sender, due.Payload) { DueId = due.MessageId })];
    }

    void Discover(SessionHandler handler, StateNode? from, ExploredMessage? by, List<ExploredMessage> pending)
    {
        string key = $"{handler.IsCommitted} {handler.Phase} {Write(handler)} {string.Join(' ', pending.Select(due => due.DueId).Order(StringComparer.Ordinal))}";
        if (_graph.Reach(key, from, by, _options.MaxStates) is not { } found) return;
        (found.IsCommitted, found.Pending) = (handler.IsCommitted, pending);
        _phases.Add(handler.Phase);
    }

    SessionHandler FoldTo(StateNode node)
    {
        var handler = _mode.Open(_session);
        int place = 0;
        foreach (var message in node.Path()) handler.Evolve(ContextOf(message, ++place), message.Bytes);
        return handler;
    }

    Exploration Report()
    {
        var dead = _graph.FindDead();
        return new()
        {
            States = _graph.Count,
            Transitions = _accepted.Values.Sum(),
            UnexploredStates = _graph.Count(node => !node.IsExplored),
            HitMaxStates = _graph.IsCutOff,
            Accepted = _accepted,
            Refused = _refused,
            Phases = [.. _mode.Descriptor.Phases.Where(_phases.Contains)],
            UnreachedPhases = [.. _mode.Descriptor.Phases.Where(phase => !_phases.Contains(phase))],
            ToPositiveOutcome = _positive,
            ToNegativeOutcome = _negative,
            PastCommitment = _past,
            DeadEnds = [.. dead.Where(node => node.From is null || !dead.Contains(node.From)).Select(Describe)],
            DeadStates = dead.Count,
        };
    }

    DeadEnd Describe(StateNode node)
    {
        var handler = FoldTo(node);
        return new(node.Path(), handler.Phase, Write(handler));
    }

    static MessageContext ContextOf(ExploredMessage message, int place) =>
        new MessageContext(message.Type, message.Sender, message.DueId ?? $"m{place}") with { IsFromRuntime = message.DueId is not null };

    static string Write(SessionHandler handler)
    {
        var json = new CanonicalJson();
        handler.WriteState(json);
        return json.ToString();
    }

    static string Tell(List<ExploredMessage> path) => path.Count == 0 ? "the start" : string.Join(", ", path);
}
