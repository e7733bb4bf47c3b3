using System.Collections.Immutable;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime.Tests.Lifecycle;

/// <summary>
/// A session of a handoff from its start on, written from the specification alone: decisions 3 to 5, 9, 14, 21 and 24, section 2 of the semantics, RFC-MACP-0010
/// section 5.1. Every operation answers what follows it and what the caller is told. Times are those of the wall; a resumption moves what is still to come.
/// </summary>
sealed record LifecycleModel
{
    public const string Initiator = "ada", Target = "bob", Committer = "dora", Observer = "olga", Runtime = "_runtime";

    static readonly string[] Participants = [Initiator, Target];

    public required Terms Terms { get; init; }

    public required long ExpiresAt { get; init; }

    public required ImmutableList<Entry> History { get; init; }

    public SessionState State { get; init; } = SessionState.Open;

    /// <summary>When the suspension began, and how long all before it lasted.</summary>
    public long SuspendedAt { get; init; }

    public long Suspended { get; init; }

    /// <summary>The offers; what became of the latest, and when silence accepts it.</summary>
    public ImmutableList<string> Offers { get; init; } = [];

    public Answer Answered { get; init; }

    public long AcceptsAt { get; init; } = long.MaxValue;

    /// <summary>The last instant of the suspension.</summary>
    public long SuspensionEndsAt => SuspendedAt + (Terms.Cap > 0 ? Terms.Cap : 604_800_000) - Suspended;

    /// <summary>What an open session waits for, or the last instant before it expires.</summary>
    public long NextInstant => State is SessionState.Suspended ? SuspensionEndsAt : Math.Min(AcceptsAt, ExpiresAt);

    public bool HasEnded => State is not (SessionState.Open or SessionState.Suspended);

    public int Messages => History.Count(entry => !entry.IsAnnotation);

    /// <summary>The session that this start begins; the deadline counts from its timestamp, unless that is none or too far ahead.</summary>
    public static LifecycleModel Start(Terms terms, Message start, long clock) => new()
    {
        Terms = terms,
        ExpiresAt = terms.Ttl + (terms.Timestamp <= 0 || terms.Timestamp > clock + 300_000 ? clock : terms.Timestamp),
        History = [new(start, clock, 1, IsAnnotation: false)],
    };

    public Told StartAgain(Message start, long clock)
    {
        var (now, next) = Notice(clock);
        var first = History[0];
        return first.Message == start ? new(next, $"duplicate at {first.At}, {next.State}") : next.Refuses(ErrorCode.SessionAlreadyExists);
    }

    public Told Send(Message message, long clock)
    {
        var (now, next) = Notice(clock);
        var earlier = next.History.Find(entry => entry.Message.Id == message.Id);
        if (earlier is not null && earlier.Message.Sender == message.Sender)
            return earlier.Message == message ? new(next, $"duplicate at {earlier.At}, {next.State}") : next.Refuses(ErrorCode.InvalidEnvelope);
        if (next.State is not SessionState.Open) return next.Refuses(ErrorCode.SessionNotOpen);
        if (next.Judge(message) is { } code) return next.Refuses(code);
        if (earlier is not null) return next.Refuses(ErrorCode.InvalidEnvelope);
        next = next.Accept(message, now);
        return new(next, $"accepted at {now}, {next.State}");
    }

    public Told Cancel(string sender, long clock) => Control(sender, clock, static (model, now) =>
        model.HasEnded ? new(model, $"done, {model.State}") : model.Annotate(MessageTypes.SessionCancel, now).Becomes(SessionState.Cancelled));

    public Told Suspend(string sender, long clock) => Control(sender, clock, static (model, now) => model.State is not SessionState.Open
        ? model.Refuses(ErrorCode.SessionNotOpen)
        : (model.Annotate(MessageTypes.SessionSuspend, now) with { SuspendedAt = now }).Becomes(SessionState.Suspended));

    public Told Resume(string sender, long clock) => Control(sender, clock, static (model, now) =>
    {
        if (model.State is not SessionState.Suspended) return model.Refuses(ErrorCode.SessionNotOpen);
        long banked = now - model.SuspendedAt;
        return (model.Annotate(MessageTypes.SessionResume, now) with
        {
            Suspended = model.Suspended + banked,
            ExpiresAt = model.ExpiresAt + banked,
            AcceptsAt = model.AcceptsAt == long.MaxValue ? long.MaxValue : model.AcceptsAt + banked,
        }).Becomes(SessionState.Open);
    });

    public Told Read(string sender, long clock)
    {
        var next = Sweep(clock);
        bool mayRead = Participants.Contains(sender) || sender is Committer or Observer;
        return new(next, mayRead ? $"{next.State} until {next.ExpiresAt}" : nameof(FailureKind.PermissionDenied));
    }

    public LifecycleModel Sweep(long clock) => Notice(clock).Next;

    /// <summary>What is due by now stands in the history before anything else is judged. The time of a session never steps back.</summary>
    (long Now, LifecycleModel Next) Notice(long clock)
    {
        long now = Math.Max(clock, History[^1].At);
        var next = this;
        if (State is SessionState.Open && AcceptsAt <= now && AcceptsAt <= ExpiresAt)
            next = Accept(new(Target, "HandoffAccept", MacpProtocol.ImplicitAcceptPrefix + Offers[^1], Offers[^1]), AcceptsAt);
        long lapsesAt = next.State is SessionState.Open ? next.ExpiresAt : next.State is SessionState.Suspended ? next.SuspensionEndsAt : long.MaxValue;
        return (now, now > lapsesAt ? next.Annotate(MessageTypes.TtlExpired, lapsesAt) with { State = SessionState.Expired } : next);
    }

    /// <summary>Decisions 9: role, reference, the sender against it, phase; of a commitment its sign.</summary>
    ErrorCode? Judge(Message message) => message.Type switch
    {
        MessageTypes.Commitment when message.Sender != Committer => ErrorCode.Forbidden,
        MessageTypes.Commitment => Answered == (message.Subject == "positive" ? Answer.Accepted : Answer.Declined) ? null : ErrorCode.InvalidEnvelope,
        "HandoffOffer" when message.Sender != Initiator => ErrorCode.Forbidden,
        "HandoffOffer" => Answered is Answer.NotAsked or Answer.Declined && !Offers.Contains(message.Subject) ? null : ErrorCode.InvalidEnvelope,
        _ when !Participants.Contains(message.Sender) => ErrorCode.Forbidden,
        _ when !Offers.Contains(message.Subject) => ErrorCode.InvalidEnvelope,
        "HandoffContext" => message.Sender == Initiator ? null : ErrorCode.Forbidden,
        _ when message.Sender != Target => ErrorCode.Forbidden,
        _ => Answered is Answer.Awaited && message.Subject == Offers[^1] ? null : ErrorCode.InvalidEnvelope,
    };

    LifecycleModel Accept(Message message, long at)
    {
        var next = this with { History = History.Add(new(message, at, Messages + 1, IsAnnotation: false)) };
        return message.Type switch
        {
            "HandoffOffer" => next with { Offers = Offers.Add(message.Subject), Answered = Answer.Awaited, AcceptsAt = Terms.Silence == 0 ? long.MaxValue : at + Terms.Silence },
            "HandoffAccept" => next with { Answered = Answer.Accepted, AcceptsAt = long.MaxValue },
            "HandoffDecline" => next with { Answered = Answer.Declined, AcceptsAt = long.MaxValue },
            MessageTypes.Commitment => next with { State = SessionState.Resolved },
            _ => next,
        };
    }

    Told Control(string sender, long clock, Func<LifecycleModel, long, Told> operation)
    {
        var (now, next) = Notice(clock);
        return sender is Initiator or Committer ? operation(next, now) : new(next, nameof(FailureKind.PermissionDenied));
    }

    LifecycleModel Annotate(string type, long at) => this with { History = History.Add(new(new(Runtime, type, "", ""), at, Messages, IsAnnotation: true)) };

    Told Becomes(SessionState state) => new(this with { State = state }, $"done, {state}");

    Told Refuses(ErrorCode code) => new(this, code.Value);
}

/// <summary>What a session is started with, in milliseconds. A silence of 0 never accepts, a cap of 0 is seven days.</summary>
sealed record Terms(long Ttl, long Cap, long Silence, long Timestamp);

/// <summary>A message; equal ones are the same message again. Its subject is an offer, or the sign of a commitment.</summary>
sealed record Message(string Sender, string Type, string Id, string Subject, string Reason = "");

/// <summary>What stands in the history.</summary>
sealed record Entry(Message Message, long At, long Ordinal, bool IsAnnotation);

/// <summary>What follows an operation, and what its caller is told.</summary>
sealed record Told(LifecycleModel Next, string Answer);

/// <summary>What became of the latest offer.</summary>
enum Answer
{
    NotAsked,
    Awaited,
    Accepted,
    Declined,
}
