using Macp.Client;

namespace Macp.Agents;

/// <summary>Who is to be told of what, and in which order: by type, then of any type, then by phase, then of any phase, each in the order of registration.</summary>
sealed class Dispatcher<TSession>
    where TSession : class, IModeSession
{
    readonly Table _messages = new();
    readonly Table _phases = new();

    public delegate Task Handler(AgentContext<TSession> context, CancellationToken cancellationToken);

    public IReadOnlyCollection<string> MessageTypes => _messages.Names;

    public IReadOnlyCollection<string> Phases => _phases.Names;

    /// <summary>Whether anybody would be told of a message of this type.</summary>
    public bool Hears(string messageType) => _messages.For(messageType).Any();

    /// <param name="messageType">The type; null for any.</param>
    /// <param name="handler">Who is told.</param>
    public void OnMessage(string? messageType, Handler handler) => _messages.Add(messageType, handler);

    /// <param name="phase">The phase that is entered; null for any.</param>
    /// <param name="handler">Who is told.</param>
    public void OnPhase(string? phase, Handler handler) => _phases.Add(phase, handler);

    public IEnumerable<Handler> For(LiveChange change) =>
        _messages.For(change.Envelope.MessageType).Concat(change.IsPhaseChange ? _phases.For(change.Phase) : []);

    sealed class Table
    {
        readonly Dictionary<string, List<Handler>> _named = new(StringComparer.Ordinal);
        readonly List<Handler> _any = [];

        public IReadOnlyCollection<string> Names => _named.Keys;

        public void Add(string? name, Handler handler)
        {
            var handlers = _any;
            if (name is not null && !_named.TryGetValue(name, out handlers!)) _named.Add(name, handlers = []);
            handlers.Add(handler);
        }

        public IEnumerable<Handler> For(string name) => _named.GetValueOrDefault(name, []).Concat(_any);
    }
}
