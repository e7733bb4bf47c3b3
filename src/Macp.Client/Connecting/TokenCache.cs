namespace Macp.Client;

/// <summary>
/// Keeps a token until shortly before it expires, and fetches the next one meanwhile. One fetch serves all who wait; it is nobody's to cancel. When it
/// fails the token at hand is used as long as it is valid.
/// </summary>
sealed class TokenCache(Func<CancellationToken, ValueTask<MacpToken>> fetch, TimeSpan ahead)
{
    // A token endpoint that hangs is one that is down.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Between a fetch ahead of time that failed and the next one.
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    readonly Lock _gate = new();
    readonly SharedTask<MacpToken> _fetching = new();
    MacpToken? _token;
    DateTimeOffset _nextFetch;
    bool _distrusted;

    /// <summary>The token that is valid now.</summary>
    public async ValueTask<string> GetAsync(ClientTelemetry telemetry, CancellationToken cancellationToken)
    {
        MacpToken? valid;
        Task<MacpToken> fetching;
        lock (_gate)
        {
            var now = telemetry.Time.GetUtcNow();
            valid = _token is { } token && !(token.ExpiresAt <= now) ? token : null;
            if (valid is not null && !_distrusted)
            {
                if (valid.ExpiresAt is not null && now >= _nextFetch) Begin(telemetry);
                return valid.Value;
            }
            fetching = Begin(telemetry);
        }

        try
        {
            return (await fetching.WaitAsync(cancellationToken).ConfigureAwait(false)).Value;
        }
        catch (Exception) when (valid is not null && !cancellationToken.IsCancellationRequested)
        {
            return valid.Value;
        }
    }

    /// <summary>The runtime has refused this token: unless a newer one is at hand, the next caller waits for one.</summary>
    public void Distrust(string refused)
    {
        lock (_gate) _distrusted |= _token?.Value == refused;
    }

    Task<MacpToken> Begin(ClientTelemetry telemetry) => _fetching.Join(() => FetchAsync(telemetry));

    async Task<MacpToken> FetchAsync(ClientTelemetry telemetry)
    {
        var time = telemetry.Time;
        try
        {
            using var patience = new CancellationTokenSource(Patience, time);
            var token = await fetch(patience.Token).AsTask().Unattended().WaitAsync(patience.Token).ConfigureAwait(false);
            MacpAuth.Checked(token.Value);
            var now = time.GetUtcNow();
            if (token.ExpiresAt <= now) throw new InvalidOperationException("The token that was fetched has expired already.");
            lock (_gate) (_token, _distrusted, _nextFetch) = (token, false, NextFetch(token, now));
            return token;
        }
        catch (Exception e)
        {
            // Its message is the provider's, and may quote what nobody should read.
            telemetry.Log.TokenNotFetched(e.GetType().Name);
            lock (_gate) (_distrusted, _nextFetch) = (false, time.GetUtcNow() + Pause);
            throw;
        }
    }

    // Of a token that lives shorter than it is to be fetched ahead, half the life is used.
    DateTimeOffset NextFetch(MacpToken token, DateTimeOffset now) =>
        token.ExpiresAt is { } expiry ? expiry - (ahead < (expiry - now) / 2 ? ahead : (expiry - now) / 2) : DateTimeOffset.MaxValue;
}
