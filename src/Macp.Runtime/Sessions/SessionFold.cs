using Google.Protobuf;
using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>
/// What the history of one session adds up to: the mode's state, the lifecycle, the clocks, the duplicate table. It decides nothing. A session
/// that lost records throws it away and folds another from those that are left.
/// </summary>
sealed class SessionFold
{
    readonly string _contextId;
    readonly string[] _extensionKeys;
    readonly KernelMode _mode;
    readonly SenderActivity _activity = new();

    // All but the start.
    FewByName<HistoryRecord> _messages;
    SessionTimes _times;

    /// <summary>A session after its start.</summary>
    public SessionFold(HistoryRecord start, SessionStartPayload payload, SessionHandler handler, KernelMode mode)
    {
        (Start, _mode, Handler) = (start, mode, handler);
        (_contextId, _extensionKeys) = (payload.ContextId, [.. payload.Extensions.Keys.Order(StringComparer.Ordinal)]);
        _times = new(start.AcceptedAtUnixMs, start.Binding!);
        (Ordinal, LastAcceptedAt) = (start.Ordinal, start.AcceptedAtUnixMs);
    }

    /// <summary>Folds a stored history; null when there is nothing of it.</summary>
    /// <exception cref="InvalidDataException">It holds a message that the mode never accepted.</exception>
    public static SessionFold? Of(IEnumerable<HistoryRecord> history, SessionContext context, KernelMode mode)
    {
        SessionFold? fold = null;
        foreach (var record in history)
        {
            if (fold is null) fold = new(record, SessionStartPayload.Parser.ParseFrom(record.Payload), mode.Open(context), mode);
            else fold.Fold(record);
        }
        return fold;
    }

    public HistoryRecord Start { get; }

    public SessionHandler Handler { get; }

    public SessionContext Context => Handler.Session;

    public SessionState State { get; private set; } = SessionState.Open;

    /// <summary>The record of this message id, annotations included; null when there is none. This is the duplicate table.</summary>
    public HistoryRecord? Find(string messageId) => messageId == Start.MessageId ? Start : _messages.Find(messageId);

    public DueList Due { get; } = new();

    public ref readonly SessionTimes Times => ref _times;

    /// <summary>The number of accepted messages.</summary>
    public long Ordinal { get; private set; }

    /// <summary>The number of annotations.</summary>
    public int Annotations { get; private set; }

    public long LastAcceptedAt { get; private set; }

    /// <summary>The last instant before the session expires, in the state in which it is.</summary>
    public long LapsesAt => State is SessionState.Suspended ? _times.SuspensionEndsAt : _times.ExpiresAt;

    /// <summary>The first instant at which something is due; <see cref="long.MaxValue"/> when nothing ever will be.</summary>
    public long NextDueAt => State switch
    {
        SessionState.Open => Math.Min(_times.FromSessionTime(Due.NextAt), SessionTimes.AddSaturating(_times.ExpiresAt, 1)),
        // Session time stands still: nothing of the mode's comes due.
        SessionState.Suspended => SessionTimes.AddSaturating(_times.SuspensionEndsAt, 1),
        _ => long.MaxValue,
    };

    /// <summary>
    /// Makes an envelope use texts that are there already, so that neither history nor state keeps equal ones: some 300 bytes a message less.
    /// </summary>
    public void ShareTexts(Envelope envelope)
    {
        (envelope.Mode, envelope.SessionId) = (Context.Mode, Context.SessionId);
        envelope.MessageType = _mode.NameOf(envelope.MessageType);
        envelope.Sender = _activity.NameOf(envelope.Sender);
    }

    /// <summary>Folds a message just accepted.</summary>
    public void Accept(HistoryRecord record, in MessageContext context, IMessage payload)
    {
        Handler.Evolve(context, payload);
        Add(record, context, payload);
    }

    /// <summary>Folds an annotation (decisions 21).</summary>
    public void Annotate(HistoryRecord record)
    {
        long at = record.AcceptedAtUnixMs;
        switch (record.MessageType)
        {
            case MessageTypes.SessionSuspend: _times.Suspend(at); Become(SessionState.Suspended); break;
            case MessageTypes.SessionResume: _times.Resume(at); Become(SessionState.Open); break;
            case MessageTypes.SessionCancel: Become(SessionState.Cancelled); break;
            case MessageTypes.TtlExpired: Become(SessionState.Expired); break;
        }
        Count(record);
    }

    /// <summary>Counts an annotation, and takes it for nothing else: it may stand in a stored history where the session could not take it.</summary>
    public void Count(HistoryRecord annotation)
    {
        Annotations++;
        LastAcceptedAt = annotation.AcceptedAtUnixMs;
        if (annotation.MessageId != Start.MessageId) _messages.TryAdd(annotation.MessageId, annotation);
    }

    /// <summary>Folds a stored record.</summary>
    /// <exception cref="InvalidDataException">It is a message that the mode never accepted.</exception>
    public void Fold(HistoryRecord record)
    {
        // In a suspension session time stands still, up to the resumption itself: nothing came due.
        if (State is not SessionState.Suspended) Due.CatchUpWith(record, _times.ToSessionTime(record.AcceptedAtUnixMs));
        if (record.IsAnnotation)
        {
            Annotate(record);
            return;
        }
        var context = record.Context;
        Accept(record, context, Handler.Recall(context, record.Payload));
    }

    /// <summary>What may be read about the session without its history.</summary>
    public SessionMetadata ToMetadata() => new()
    {
        SessionId = Context.SessionId,
        Mode = Context.Mode,
        State = State,
        StartedAtUnixMs = _times.StartedAt,
        ExpiresAtUnixMs = _times.ExpiresAt,
        ModeVersion = Context.ModeVersion,
        ConfigurationVersion = Context.ConfigurationVersion,
        PolicyVersion = Context.Policy.Id,
        Participants = { Context.Participants },
        ParticipantActivity = { _activity.ToWire() },
        Initiator = Context.Initiator,
        ContextId = _contextId,
        ExtensionKeys = { _extensionKeys },
    };

    void Add(HistoryRecord record, in MessageContext context, IMessage payload)
    {
        var due = Handler.ComesDue(context, payload);
        for (int i = 0; i < due.Count; i++) Due.Add(due[i], _times.ToSessionTime(record.AcceptedAtUnixMs));
        _activity.Count(context.Sender, record.AcceptedAtUnixMs);
        (Ordinal, LastAcceptedAt) = (record.Ordinal, record.AcceptedAtUnixMs);
        if (record.MessageId == Start.MessageId || !_messages.TryAdd(record.MessageId, record))
            throw new InvalidDataException($"the history holds the message '{record.MessageId}' twice");
        if (Handler.IsCommitted) Become(SessionState.Resolved);
    }

    void Become(SessionState state)
    {
        State = state;
        if (state is not (SessionState.Open or SessionState.Suspended)) Due.Clear();
    }
}
