using Google.Protobuf;
using Macp.Client;
using Macp.Protocol;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Macp.Agents;

/// <summary>
/// An agent in one session: handlers are told of each accepted message once, in the history's order and one after the other, and answer by the methods of the
/// typed session; <see cref="RunAsync"/> lasts until the session ends. Handlers are registered before it; it runs once.
/// </summary>
/// <remarks>
/// Of one message the handlers of its type are told first, in the order of their registration, then those of any type, then, where it moved the phase, those of the
/// phase and those of any phase. Own messages come back by the stream like everybody's, and are applied to the projection then and only then.
/// </remarks>
/// <typeparam name="TSession">The session client of the mode, such as <c>DecisionSession</c>; <see cref="ExtensionSession"/> for a mode that has none.</typeparam>
public sealed partial class MacpParticipant<TSession>
    where TSession : class, IModeSession
{
    readonly ParticipantOptions _options;
    readonly ILogger _logger;
    readonly Dispatcher<TSession> _dispatcher = new();
    readonly List<Func<ParticipantResult, CancellationToken, Task>> _terminal = [];
    Func<AgentError, CancellationToken, ValueTask<ErrorAction>> _decide = static (_, _) => ValueTask.FromResult(ErrorAction.Stop);

    /// <summary>A participant; nothing is sent yet.</summary>
    /// <param name="session">The session, to be started or to be joined. The participant attaches it, and detaches it when it is done.</param>
    /// <param name="options">How it takes part; as one who joins when null.</param>
    /// <param name="logger">Its log; none when null.</param>
    /// <exception cref="MacpConfigurationException">Neither the options nor the credential say who takes part, or they say different things.</exception>
    public MacpParticipant(TSession session, ParticipantOptions? options = null, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        (Session, _options, _logger) = (session, options ?? new(), logger ?? NullLogger.Instance);
        ParticipantId = _options.ParticipantId ?? session.Auth?.Sender
            ?? throw new MacpConfigurationException("Nothing says who takes part: set ParticipantId, or use a credential that names its sender.");
        if (session.Auth?.ExpectedSender is { } sender && sender != ParticipantId)
            throw new MacpConfigurationException($"The credential is for '{sender}', and so not for the participant '{ParticipantId}'.");
    }

    /// <summary>Who takes part.</summary>
    public string ParticipantId { get; }

    /// <summary>The session.</summary>
    public TSession Session { get; }

    /// <summary>The message types that have a handler of their own.</summary>
    public IReadOnlyCollection<string> HandledMessageTypes => _dispatcher.MessageTypes;

    /// <summary>The phases that have a handler of their own.</summary>
    public IReadOnlyCollection<string> HandledPhases => _dispatcher.Phases;

    /// <summary>Whether anybody is told of the session's end.</summary>
    public bool HasTerminalHandler => _terminal.Count > 0;

    /// <summary>Whether anybody is told of messages of this type, be it as one of any type.</summary>
    public bool HasHandlersFor(string messageType) => _dispatcher.Hears(messageType);

    /// <summary>Tells a handler of the messages of a type, <c>SessionStart</c>, <c>Commitment</c> and the runtime's annotations among them.</summary>
    /// <param name="messageType">The message type.</param>
    /// <param name="handler">The handler.</param>
    /// <exception cref="ArgumentException">The mode has no such message.</exception>
    public MacpParticipant<TSession> On(string messageType, Func<AgentContext<TSession>, CancellationToken, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var mode = Session.Descriptor;
        if (mode.Messages.Count > 0 && mode.PayloadOf(messageType) is null && !MessageTypes.Annotations.Contains(messageType))
            throw new ArgumentException($"{mode.Identifier} has no message '{messageType}'; it has {string.Join(", ", mode.AllMessageTypes)}.", nameof(messageType));
        _dispatcher.OnMessage(messageType, handler.Invoke);
        return this;
    }

    /// <summary>Tells a handler of the messages of a type, with their payload.</summary>
    /// <param name="messageType">The message type.</param>
    /// <param name="handler">The handler.</param>
    /// <exception cref="ArgumentException">The mode has no such message, or it has another payload.</exception>
    public MacpParticipant<TSession> On<TPayload>(string messageType, Func<TPayload, AgentContext<TSession>, CancellationToken, Task> handler)
        where TPayload : class, IMessage<TPayload>, new()
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (Session.Descriptor.PayloadOf(messageType) is { } declared && declared != new TPayload().Descriptor)
            throw new ArgumentException($"The payload of {messageType} is a {declared.FullName}, not a {typeof(TPayload).Name}.", nameof(messageType));
        return On(messageType, (context, cancellationToken) => handler(context.Payload<TPayload>(), context, cancellationToken));
    }

    /// <summary>Tells a handler of the messages that have this payload, of whichever types.</summary>
    /// <param name="handler">The handler.</param>
    /// <exception cref="ArgumentException">The mode has no message with this payload; for an extension mode, name the message type.</exception>
    public MacpParticipant<TSession> On<TPayload>(Func<TPayload, AgentContext<TSession>, CancellationToken, Task> handler)
        where TPayload : class, IMessage<TPayload>, new()
    {
        var payload = new TPayload().Descriptor;
        var types = Session.Descriptor.AllMessageTypes.Where(type => Session.Descriptor.PayloadOf(type) == payload).ToList();
        if (types.Count == 0) throw new ArgumentException($"{Session.Descriptor.Identifier} has no message with the payload {payload.FullName}; name its message type.", nameof(handler));
        foreach (string type in types) On(type, handler);
        return this;
    }

    /// <summary>Tells a handler of every message.</summary>
    /// <param name="handler">The handler.</param>
    public MacpParticipant<TSession> OnAny(Func<AgentContext<TSession>, CancellationToken, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        _dispatcher.OnMessage(null, handler.Invoke);
        return this;
    }

    /// <summary>Tells a handler when the session enters a phase, by the message that moved it. The phase that a session begins in is not entered.</summary>
    /// <param name="phase">The phase, by the name that the mode declares.</param>
    /// <param name="handler">The handler.</param>
    /// <exception cref="ArgumentException">The mode has no such phase.</exception>
    public MacpParticipant<TSession> OnPhase(string phase, Func<AgentContext<TSession>, CancellationToken, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var mode = Session.Descriptor;
        if (!mode.Phases.Contains(phase)) throw new ArgumentException($"{mode.Identifier} has no phase '{phase}'; it has {string.Join(", ", mode.Phases)}.", nameof(phase));
        _dispatcher.OnPhase(phase, handler.Invoke);
        return this;
    }

    /// <inheritdoc cref="OnPhase(string, Func{AgentContext{TSession}, CancellationToken, Task})"/>
    /// <typeparam name="TPhase">The mode's phases.</typeparam>
    public MacpParticipant<TSession> OnPhase<TPhase>(TPhase phase, Func<AgentContext<TSession>, CancellationToken, Task> handler)
        where TPhase : struct, Enum => OnPhase(phase.ToString(), handler);

    /// <summary>Tells a handler whenever the session enters another phase.</summary>
    /// <param name="handler">The handler.</param>
    public MacpParticipant<TSession> OnAnyPhase(Func<AgentContext<TSession>, CancellationToken, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        _dispatcher.OnPhase(null, handler.Invoke);
        return this;
    }

    /// <summary>Tells a handler, once, that the session has ended, however it did: resolved, expired or cancelled.</summary>
    /// <param name="handler">The handler.</param>
    public MacpParticipant<TSession> OnTerminal(Func<ParticipantResult, CancellationToken, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        _terminal.Add(handler);
        return this;
    }

    /// <summary>Has somebody decide what follows the failure of a handler; <see cref="ErrorAction.Stop"/> does when nobody decides. The last one to be set decides.</summary>
    /// <param name="decide">Decides.</param>
    public MacpParticipant<TSession> OnError(Func<AgentError, CancellationToken, ValueTask<ErrorAction>> decide)
    {
        _decide = decide ?? throw new ArgumentNullException(nameof(decide));
        return this;
    }
}
