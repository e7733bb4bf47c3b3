using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;
using EventType = Macp.Wire.V1.SessionLifecycleEvent.Types.EventType;

namespace Macp.Runtime;

/// <summary>A change of a session's state, told to those who watch sessions once its record is durable.</summary>
/// <param name="context">What the session is bound to; not the session itself, which need not stay in memory for those who watch.</param>
/// <param name="startedAt">When its start was accepted, in Unix milliseconds.</param>
/// <param name="type">What happened.</param>
/// <param name="observedAt">When the runtime noticed, in Unix milliseconds.</param>
/// <param name="ticket">The ticket of its record in the session's history.</param>
sealed class LifecycleEvent(SessionContext context, long startedAt, EventType type, long observedAt, long ticket) : RingEvent
{
    const int CharactersASlot = 1024;

    public SessionContext Context => context;

    // A start may name as many participants as fit into a payload, and they stay as long as the event does.
    public override int Width { get; } = 1 + ((context.SessionId.Length + context.ConfigurationVersion.Length + context.Participants.Sum(name => name.Length)) / CharactersASlot);

    public long StartedAt => startedAt;

    public EventType Type => type;

    public long ObservedAt => observedAt;

    public long Ticket => ticket;

    /// <summary>The session's event before this one; null for the first.</summary>
    public LifecycleEvent? Before { get; set; }

    /// <summary>The session's event after this one, as long as neither was told; null for the last.</summary>
    public LifecycleEvent? After { get; set; }

    /// <summary>The state from this event on.</summary>
    public SessionState State => StateAfter(type);

    public static SessionState StateAfter(EventType type) => type switch
    {
        EventType.Created or EventType.Resumed => SessionState.Open,
        EventType.Suspended => SessionState.Suspended,
        EventType.Resolved => SessionState.Resolved,
        EventType.Expired => SessionState.Expired,
        _ => SessionState.Cancelled,
    };

    public bool EndsSession => State is not (SessionState.Open or SessionState.Suspended);

    /// <summary>What stands for all that happened before this process: nobody is told of it again.</summary>
    public static LifecycleEvent Stored(SessionContext context, long startedAt, IEnumerable<HistoryRecord> history) =>
        new(context, startedAt, history.Select(TypeOf).OfType<EventType>().Last(), startedAt, 0) { Position = -1 };

    /// <summary>What a record of the history tells of the session's state; null when it changes nothing.</summary>
    public static EventType? TypeOf(HistoryRecord record) => record.MessageType switch
    {
        MessageTypes.SessionStart => EventType.Created,
        MessageTypes.Commitment => EventType.Resolved,
        MessageTypes.TtlExpired => EventType.Expired,
        MessageTypes.SessionSuspend => EventType.Suspended,
        MessageTypes.SessionResume => EventType.Resumed,
        MessageTypes.SessionCancel => EventType.Cancelled,
        _ => null,
    };
}
