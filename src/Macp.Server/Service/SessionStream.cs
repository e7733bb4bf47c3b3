using Macp.Grpc;
using Macp.Protocol;
using Macp.Runtime;
using Macp.Wire.V1;

namespace Macp.Server.Service;

/// <summary>
/// One <c>StreamSession</c> call. Frames are handled in their order; what the session accepts comes from a cursor on its history, so that a slow
/// reader is just further back. The stream is bound to a session by the first frame that it accepts, never to one that the caller may not read.
/// </summary>
sealed class SessionStream(
    MacpRuntime runtime, Identity identity, bool annotations, IGrpcStreamReader<StreamSessionRequest> requests, IGrpcStreamWriter<StreamSessionResponse> responses)
{
    /// <summary>The metadata by which a subscriber asks for annotations (decisions 21).</summary>
    public const string AnnotationsHeader = "macp-annotations";

    readonly StreamOutput _output = new(responses);
    readonly TaskCompletionSource _sessionEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    string? _sessionId, _mode;
    Delivery? _delivery;

    /// <summary>Runs until the client half-closes and has what was there by then, or the session has ended and the client has all of it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = ReadAsync(ending.Token);
        var first = await Task.WhenAny(reading, _sessionEnded.Task).ConfigureAwait(false);
        try
        {
            await first.ConfigureAwait(false);
            if (first == reading && _delivery is { } delivery) await delivery.DrainAsync().ConfigureAwait(false);
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(reading, _delivery?.Completion ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
        if (runtime.CheckShape(envelope) is { } misshapen)
        {
            await RefuseAsync(new() { Code = misshapen.Code.Value, Message = misshapen.Reason, SessionId = envelope.SessionId, MessageId = envelope.MessageId }, cancellationToken).ConfigureAwait(false);
            return;
        }
        // Ambient messages belong to no session; this plane is not theirs.
        if (string.IsNullOrWhiteSpace(envelope.SessionId)) throw Invalid("session_id must not be blank on a stream: send ambient messages by Send");
        if (_sessionId is not null && envelope.SessionId != _sessionId) throw Invalid("a stream carries one session; open another for this one");
        if (_mode is not null && envelope.Mode != _mode) throw Invalid($"the stream's session is one of {_mode}");

        // From before the verdict on, so that the message's own echo is the first to come; the cursor is dropped if the message is refused.
        bool begins = envelope.MessageType == MessageTypes.SessionStart, binds = _delivery is null && envelope.MessageType != MessageTypes.Progress;
        var live = binds && !begins ? await OpenAsync(envelope.SessionId, ulong.MaxValue, cancellationToken).ConfigureAwait(false) : null;
        var ack = await runtime.SendAsync(identity, envelope, cancellationToken).ConfigureAwait(false);
        if (!ack.Ok)
        {
            await RefuseAsync(ack.Error, cancellationToken).ConfigureAwait(false);
            return;
        }
        if (binds) live ??= await OpenAsync(envelope.SessionId, 0, cancellationToken).ConfigureAwait(false);
        if (live is not null) Deliver(live, envelope.SessionId, envelope.Mode, cancellationToken);
    }

    /// <summary>Tells a refusal inline, or ends the stream with it.</summary>
    Task RefuseAsync(MACPError error, CancellationToken cancellationToken) =>
        Statuses.EndsStream(error) is { } code ? throw Statuses.Exception(code, $"{error.Code}: {error.Message}") : _output.WriteErrorAsync(error, cancellationToken);

    async Task SubscribeAsync(string sessionId, ulong afterSequence, CancellationToken cancellationToken)
    {
        if (_sessionId is not null && sessionId != _sessionId) throw Invalid("a stream carries one session; open another for this one");

        var outcome = await runtime.SubscribeAsync(identity, sessionId, afterSequence, annotations, cancellationToken).ConfigureAwait(false);
        if (outcome.Succeeded(out var cursor, out var failure)) Deliver(cursor, sessionId, null, cancellationToken);
        else if (failure.Kind is FailureKind.PermissionDenied)
            await _output.WriteErrorAsync(new() { Code = ErrorCode.Forbidden.Value, Message = failure.Message, SessionId = sessionId }, cancellationToken).ConfigureAwait(false);
        else throw Statuses.Exception(Statuses.CodeOf(failure.Kind), failure.Message);
    }

    /// <summary>A cursor for somebody who sends; null where the caller may not read, or nothing is there yet.</summary>
    async ValueTask<SessionCursor?> OpenAsync(string sessionId, ulong afterSequence, CancellationToken cancellationToken) =>
        (await runtime.SubscribeAsync(identity, sessionId, afterSequence, annotations, cancellationToken).ConfigureAwait(false)).Value;

    void Deliver(SessionCursor cursor, string sessionId, string? mode, CancellationToken cancellationToken)
    {
        _sessionId = sessionId;
        _mode ??= mode;
        var before = _delivery;
        before?.Stop();
        _delivery = new(cursor, _output, _sessionEnded, cancellationToken);
    }

    static GrpcException Invalid(string message) => Statuses.Exception(GrpcStatusCode.InvalidArgument, message);
}
