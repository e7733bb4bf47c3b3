using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>Judges starts and opens sessions. The first rule that fails answers.</summary>
sealed class SessionStarter(
    ModeRegistry modes, PolicyRegistry policies, SessionTable sessions, SessionFinder finder, OpenSessions open, LifecycleFeed feed, IHistory history, MacpRuntimeOptions options,
    RuntimeMeter meter, Action<string, Exception> fault)
{
    readonly PayloadReader<SessionStartPayload> _reader = new();

    /// <param name="identity">Who starts.</param>
    /// <param name="envelope">The start.</param>
    /// <param name="traceParent">The trace context in which it is judged, as it is to be stored; null when there is none.</param>
    /// <param name="now">The time.</param>
    public ValueTask<Ack> StartAsync(Identity identity, Envelope envelope, string? traceParent, long now)
    {
        if (sessions.TryFind(envelope.SessionId, out var existing) || !history.Knows(envelope.SessionId)) return StartAsync(identity, envelope, traceParent, existing, false, now);
        return StartOfFinishedAsync(identity, envelope, traceParent, now);
    }

    async ValueTask<Ack> StartOfFinishedAsync(Identity identity, Envelope envelope, string? traceParent, long now)
    {
        var found = await finder.FindAsync(envelope.SessionId).ConfigureAwait(false);
        // Whether it is the same start again cannot be said now, and may be later.
        if (!found.Succeeded(out var existing, out var failure) && failure.Kind is FailureKind.Internal) return Acks.Refused(envelope, Acks.NotKept, now);
        return await StartAsync(identity, envelope, traceParent, existing, existing is null, now).ConfigureAwait(false);
    }

    /// <param name="identity">Who starts.</param>
    /// <param name="envelope">The start.</param>
    /// <param name="traceParent">The trace context, as it is to be stored.</param>
    /// <param name="existing">The session of this id; null when there is none.</param>
    /// <param name="wasRemoved">Whether there was one of which nothing is known any more.</param>
    /// <param name="now">The time.</param>
    ValueTask<Ack> StartAsync(Identity identity, Envelope envelope, string? traceParent, Session? existing, bool wasRemoved, long now)
    {
        // First of all, since delivery is at least once: the answer to a repetition does not depend on what is hosted or registered by now.
        if (existing?.RepeatStart(envelope, now) is { } repeated) return repeated;

        if (AdmissionRules.CheckSessionId(envelope.SessionId) is { } malformed) return Refused(envelope, malformed, now);
        if (ReadPayload(envelope, out var payload, out var mode) is { } invalid) return Refused(envelope, invalid, now);
        if (existing is not null) return existing.RefuseStartAsync(envelope, now);
        if (wasRemoved) return Refused(envelope, UsedBefore(envelope.SessionId), now);
        if (Bind(envelope, payload, mode, traceParent, now, out var start) is { } unbindable) return Refused(envelope, unbindable, now);

        var initiator = open.Of(identity.Sender);
        var session = new Session(start.Context, mode, history.Create(envelope.SessionId), initiator, sessions, feed, meter, fault);
        return initiator.TryEnter(session, identity.MaxOpenSessions)
            ? OpenAsync(identity, session, initiator, start)
            : OpenAtLimitAsync(identity, session, initiator, start);
    }

    Rejection? ReadPayload(Envelope envelope, out SessionStartPayload payload, out KernelMode mode)
    {
        (payload, mode) = (null!, null!);
        if (modes.Find(envelope.Mode) is not { } family) return new(ErrorCode.ModeNotSupported, $"mode '{envelope.Mode}' is not hosted");
        if (envelope.Payload.IsEmpty) return Rejection.InvalidEnvelope("a SessionStart needs a payload");
        if (_reader.Read(envelope.Payload, out payload) is { } unreadable) return unreadable;
        if (CheckStart(payload, family) is { } rejection) return rejection;
        if (family.Find(payload.ModeVersion) is not { } hosted)
            return new(ErrorCode.ModeNotSupported, $"{envelope.Mode} is not hosted in version '{payload.ModeVersion}'");
        (mode, payload.ModeVersion) = (hosted, hosted.Version);
        // A rule about the payload, although the mode sets it: it is asked before what exists, and before the policy (decisions 7).
        return family.IsStrict && payload.Participants.Count < hosted.MinimumParticipants ? Refuse.TooFewParticipants(hosted.MinimumParticipants) : null;
    }

    /// <summary>Of a mode that was registered and not promoted nothing is asked but the time to live (runtime-semantics 1.6).</summary>
    static Rejection? CheckStart(SessionStartPayload payload, ModeFamily family) =>
        family.IsStrict ? AdmissionRules.CheckStart(payload) : AdmissionRules.CheckTimeToLive(payload.TtlMs);

    /// <summary>Resolves everything that the session will be bound to, and asks the mode.</summary>
    Rejection? Bind(Envelope envelope, SessionStartPayload payload, KernelMode mode, string? traceParent, long now, out SessionFold start)
    {
        start = null!;
        long deadline = StartRules.DeadlineOf(envelope, payload, now, options.MaxStartClockSkew);
        if (StartRules.CheckDeadline(deadline, now) is { } late) return late;
        if (policies.Resolve(payload.PolicyVersion, mode, out var policy) is { } unknown) return unknown;
        StartTexts.Share(envelope, mode);
        StartTexts.Share(payload);
        var binding = new SessionBinding(SessionBinding.CurrentRevision, mode.Version, policy, deadline, StartRules.MaxSuspendOf(payload), traceParent);
        try
        {
            var handler = mode.Open(new SessionContext(envelope, payload, policy));
            start = new(new HistoryRecord(RecordKind.Sent, envelope, now, ordinal: 1, binding), payload, handler, mode);
            return handler.CanStart();
        }
        catch (Exception e)
        {
            fault(envelope.SessionId, e);
            return Acks.NotKept;
        }
    }

    ValueTask<Ack> OpenAsync(Identity identity, Session session, Initiator initiator, SessionFold start)
    {
        if (session.Begin(start) is { } ack) return ack;
        // Another start of this id was faster; this one is judged again, beside it.
        initiator.Set(session, isOpen: false);
        return StartAsync(identity, start.Start.Envelope, start.Start.Binding!.TraceParent, start.LastAcceptedAt);
    }

    /// <summary>A session whose time is up counts no more, noticed or not: look before refusing.</summary>
    async ValueTask<Ack> OpenAtLimitAsync(Identity identity, Session session, Initiator initiator, SessionFold start)
    {
        long now = start.LastAcceptedAt;
        foreach (var open in initiator.Snapshot())
            if (open.NextDueAt <= now) await open.CatchUpAsync(now).ConfigureAwait(false);
        if (!initiator.TryEnter(session, identity.MaxOpenSessions)) return Acks.Refused(start.Start.Envelope, TooManyOpen(identity), now);
        return await OpenAsync(identity, session, initiator, start).ConfigureAwait(false);
    }

    static ValueTask<Ack> Refused(Envelope envelope, Rejection rejection, long now) => new(Acks.Refused(envelope, rejection, now));

    static Rejection UsedBefore(string sessionId) => new(ErrorCode.SessionAlreadyExists, $"a session '{sessionId}' existed; ids are not used twice");

    static Rejection TooManyOpen(Identity identity) =>
        new(ErrorCode.RateLimited, $"'{identity.Sender}' may have {identity.MaxOpenSessions} open sessions and has as many");
}
