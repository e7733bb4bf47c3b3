using System.Diagnostics;
using Macp.Grpc;
using Macp.Protocol;
using Macp.Runtime;
using Macp.Server.Telemetry;
using Macp.Wire.V1;

namespace Macp.Server.Service;

/// <summary>
/// One <c>StreamSession</c> call. Frames are handled in their order; what the session accepts comes from a cursor on its history, so that a slow
/// reader is just further back. The stream is bound to a session by the first frame that it accepts, never to one that the caller may not read;
/// a Progress binds nothing, since it enters no history.
/// </summary>
sealed class SessionStream(
    MacpRuntime runtime, Identity identity, GrpcServerCall call, SecurityLog log, IGrpcStreamReader<StreamSessionRequest> requests, StreamOutput output)
{
    // Whether they are streamed too is for the caller to say (decisions 21).
    readonly bool _annotations = call.Header(MacpProtocol.AnnotationsHeader) == "1";
    readonly ActivityContext _caller = TraceHeaders.ContextOf(call);
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    string? _sessionId;
    Delivery? _delivery;

    /// <summary>Runs until the client half-closes and has what was there by then, or the session has ended and the client has all of it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = ReadAsync(ending.Token);
        try
        {
            var first = await Task.WhenAny(reading, _ended.Task).ConfigureAwait(false);
            await first.ConfigureAwait(false);
            if (_delivery is not null && first == reading) await _delivery.DrainAsync().ConfigureAwait(false);
            if (_ended.Task.IsFaulted) await _ended.Task.ConfigureAwait(false);
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            // In this order: whoever reads may be about to begin another delivery.
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_delivery is not null) await _delivery.StopAsync().ConfigureAwait(false);
            _delivery?.Dispose();
            _ = _ended.Task.Exception;
        }
    }

    async Task ReadAsync(CancellationToken cancellationToken)
    {
        while (await requests.ReadAsync(cancellationToken).ConfigureAwait(false) is { } frame)
        {
            if (frame.Envelope is not null && frame.SubscribeSessionId.Length > 0) throw Invalid("a frame carries an envelope or a subscription, not both");
            if (frame.Envelope is { } envelope) await SendAsync(envelope, cancellationToken).ConfigureAwait(false);
            else if (frame.SubscribeSessionId.Length > 0) await SubscribeAsync(frame.SubscribeSessionId, frame.AfterSequence, cancellationToken).ConfigureAwait(false);
            else throw Invalid("a frame carries an envelope or a subscription; this one has neither");
        }
    }

    async Task SendAsync(Envelope envelope, CancellationToken cancellationToken)
    {
        if (runtime.CheckShape(envelope) is not null)
        {
            // The kernel says the same, and has seen it.
            await RefuseAsync(envelope, (await runtime.SendAsync(identity, envelope, _caller, cancellationToken).ConfigureAwait(false)).Error, cancellationToken).ConfigureAwait(false);
            return;
        }
        // Ambient messages belong to no session; this plane is not theirs.
        if (string.IsNullOrWhiteSpace(envelope.SessionId)) throw Invalid("session_id must not be blank on a stream: send ambient messages by Send");
        if (_sessionId is not null && envelope.SessionId != _sessionId) throw Invalid("a stream carries one session; open another for this one");

        bool binds = _delivery is null && envelope.MessageType != MessageTypes.Progress;
        // From before the verdict on, so that the message's own echo is the first to come; the cursor is dropped if the message is refused.
        var live = binds ? await OpenAsync(envelope.SessionId, ulong.MaxValue, cancellationToken).ConfigureAwait(false) : null;
        var ack = await runtime.SendAsync(identity, envelope, _caller, cancellationToken).ConfigureAwait(false);
        if (!ack.Ok)
        {
            if (await IsOfAnotherModeAsync(envelope, ack.Error).ConfigureAwait(false)) throw Invalid("the session is one of another mode");
            await RefuseAsync(envelope, ack.Error, cancellationToken).ConfigureAwait(false);
            return;
        }
        // There was nothing to open before a start; there is now.
        if (binds) live ??= await OpenAsync(envelope.SessionId, 0, cancellationToken).ConfigureAwait(false);
        if (live is not null) Deliver(live, envelope.SessionId, cancellationToken);
    }

    /// <summary>A client that is wrong about the mode is wrong about all that it would send (RFC-MACP-0006 section 3).</summary>
    async ValueTask<bool> IsOfAnotherModeAsync(Envelope envelope, MACPError error) => error.Code == ErrorCode.InvalidEnvelope.Value
        && envelope.MessageType is not (MessageTypes.SessionStart or MessageTypes.Progress)
        && await runtime.GetModeAsync(envelope.SessionId).ConfigureAwait(false) is { } mode && mode != envelope.Mode;

    /// <summary>Tells a refusal inline, or ends the stream with it.</summary>
    Task RefuseAsync(Envelope envelope, MACPError error, CancellationToken cancellationToken)
    {
        log.Refused(call, identity, envelope, error);
        return Statuses.EndsStream(error) is { } code ? throw Statuses.Exception(code, $"{error.Code}: {error.Message}") : output.WriteErrorAsync(error, cancellationToken);
    }

    async Task SubscribeAsync(string sessionId, ulong afterSequence, CancellationToken cancellationToken)
    {
        if (_sessionId is not null && sessionId != _sessionId) throw Invalid("a stream carries one session; open another for this one");

        // Stopped before the new place is looked up: in between, the delivery would bring what the next one then brings again.
        var before = _delivery is null ? null : await _delivery.StopAsync().ConfigureAwait(false);
        var outcome = await runtime.SubscribeAsync(identity, sessionId, afterSequence, _annotations, cancellationToken).ConfigureAwait(false);
        // Another subscription goes back, but never skips what is still owed.
        if ((outcome.Value is { } wanted && !(before?.Position < wanted.Position) ? wanted : before) is { } cursor) Deliver(cursor, sessionId, cancellationToken);
        if (outcome.Failure is not { } failure) return;

        log.Refused(call, identity, sessionId, failure);
        if (failure.Kind is FailureKind.PermissionDenied)
            await output.WriteErrorAsync(new() { Code = ErrorCode.Forbidden.Value, Message = failure.Message, SessionId = sessionId }, cancellationToken).ConfigureAwait(false);
        else throw Statuses.Exception(Statuses.CodeOf(failure.Kind), failure.Message);
    }

    /// <summary>A cursor for somebody who sends; null where the caller may not read, or nothing is there yet.</summary>
    async ValueTask<SessionCursor?> OpenAsync(string sessionId, ulong afterSequence, CancellationToken cancellationToken) =>
        (await runtime.SubscribeAsync(identity, sessionId, afterSequence, _annotations, cancellationToken).ConfigureAwait(false)).Value;

    /// <summary>Delivers from this cursor on. What was delivered before has stopped.</summary>
    void Deliver(SessionCursor cursor, string sessionId, CancellationToken cancellationToken)
    {
        _sessionId = sessionId;
        _delivery?.Dispose();
        _delivery = new(cursor, output, _ended, cancellationToken);
    }

    static GrpcException Invalid(string message) => Statuses.Exception(GrpcStatusCode.InvalidArgument, message);
}
