namespace Macp.Client;

/// <summary>
/// Counts the ordinals of a stream's envelopes; they do not travel. It can count as long as everything delivered follows from one
/// subscription: after a second one, or a message sent before it, nobody can tell which delivery belongs to what.
/// </summary>
sealed class OrdinalCount
{
    readonly Lock _gate = new();
    bool _begun;
    ulong? _last;

    public ulong? Last
    {
        get { lock (_gate) return _last; }
    }

    /// <summary>A frame is about to be sent.</summary>
    /// <param name="subscribedAfter">For a subscription, the ordinal it begins behind.</param>
    public void Sending(ulong? subscribedAfter)
    {
        lock (_gate)
        {
            // Behind whatever there is: nobody here knows which ordinal that is.
            if (!_begun) _last = subscribedAfter is ulong.MaxValue ? null : subscribedAfter;
            else if (subscribedAfter is not null) _last = null;
            _begun = true;
        }
    }

    /// <summary>An accepted envelope has come.</summary>
    public ulong? Next()
    {
        lock (_gate) return _last += 1;
    }
}
