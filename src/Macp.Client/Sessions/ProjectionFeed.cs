using Macp.Modes;
using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>
/// What reaches a session's projection, and in which order: while a stream is followed, what that delivers and nothing else, since it comes
/// in the order of the history; otherwise what was acknowledged.
/// </summary>
sealed class ProjectionFeed(IProjection projection)
{
    readonly Lock _gate = new();
    readonly HashSet<string> _applied = new(StringComparer.Ordinal);
    readonly Dictionary<string, TaskCompletionSource> _waiting = new(StringComparer.Ordinal);
    bool _following;

    // Acks have put messages in, which need not stand where the history has them.
    bool _outOfOrder;
    ulong _ordinal;

    // How far the history was delivered from its start without a gap, and whether anything came behind one.
    ulong _whole;
    bool _hasGap;

    /// <summary>
    /// The ordinal behind which a stream should go on: that of the last envelope delivered, or 0 when acks have been applied since, so that the
    /// history comes again from its start and puts them in their places.
    /// </summary>
    public ulong LastOrdinal
    {
        get { lock (_gate) return _outOfOrder ? 0 : _ordinal; }
    }

    /// <summary>A stream takes over.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            if (_following) throw new MacpException("The session follows a stream already; one stream feeds its projection.");
            _following = true;
        }
    }

    /// <summary>The stream has ended, or was left.</summary>
    public void End()
    {
        lock (_gate)
        {
            _following = false;
            foreach (var (messageId, waiter) in _waiting)
                waiter.TrySetException(new MacpException($"The stream was left or ended before it delivered the message '{messageId}'."));
            _waiting.Clear();
        }
    }

    /// <summary>The runtime has acknowledged a message of ours.</summary>
    public void Acknowledged(Envelope envelope)
    {
        // Who sent it is part of the state. Where only the runtime knows, the stream has to tell.
        if (envelope.Sender.Length == 0) return;
        lock (_gate)
        {
            if (_following) return;
            _outOfOrder = true;
            try
            {
                Apply(envelope);
            }
            catch (Exception)
            {
                // A reducer relies on what the validator saw, and here others' messages may be missing. The message was accepted all the same; the
                // history will bring it.
            }
        }
    }

    /// <summary>The stream has delivered something.</summary>
    public void Delivered(SessionStreamItem item)
    {
        lock (_gate)
        {
            if (item is SessionStreamItem.Annotation annotation) Apply(annotation.Envelope);
            if (item is not SessionStreamItem.Accepted accepted) return;
            // The history from its start: what acks have put in comes again, in its place.
            if (accepted.Ordinal is 1 && _outOfOrder) Restart();
            if (accepted.Ordinal is { } ordinal) _ordinal = ordinal;
            if (accepted.Ordinal == _whole + 1) _whole++;
            else _hasGap |= accepted.Ordinal is not { } known || known > _whole;
            Apply(accepted.Envelope);
        }
    }

    /// <summary>Whether the projection has the message, so that sending it once more is answered as a duplicate.</summary>
    public bool Has(string? messageId)
    {
        lock (_gate) return messageId is not null && _applied.Contains(messageId);
    }

    /// <summary>Why the runtime refuses a message, as far as a beginning of the history tells; null where that is not what the projection has.</summary>
    public Rejection? Preflight(Envelope envelope)
    {
        // Acks put messages in without those before them. Who sends is the first question that is asked.
        lock (_gate) return _outOfOrder || _hasGap || _whole == 0 || envelope.Sender.Length == 0 ? null : projection.Preflight(MessageContext.Of(envelope), envelope.Payload);
    }

    /// <summary>Completes when the projection has the message.</summary>
    public Task WaitForAsync(string messageId)
    {
        lock (_gate)
        {
            if (_applied.Contains(messageId)) return Task.CompletedTask;
            if (!_following) throw new MacpException($"No stream is followed, so nothing would deliver the message '{messageId}'.");
            if (!_waiting.TryGetValue(messageId, out var waiter))
                _waiting.Add(messageId, waiter = new(TaskCreationOptions.RunContinuationsAsynchronously));
            return waiter.Task;
        }
    }

    void Restart()
    {
        projection.Reset();
        _applied.Clear();
        (_outOfOrder, _whole, _hasGap) = (false, 0, false);
    }

    void Apply(Envelope envelope)
    {
        if (projection.Apply(envelope) is ProjectionResult.OtherSession or ProjectionResult.Unreadable) return;
        _applied.Add(envelope.MessageId);
        if (_waiting.Remove(envelope.MessageId, out var waiter)) waiter.TrySetResult();
    }
}
