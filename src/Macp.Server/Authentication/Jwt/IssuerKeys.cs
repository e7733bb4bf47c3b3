using Microsoft.Extensions.Logging;

namespace Macp.Server.Authentication;

/// <summary>
/// The issuer's keys as they were last read: for the first time when a token needs them, again after their time to live, behind the calls' back, and when a
/// token names a key that is not among them. One reading at a time, and none within ten seconds of the last, so that nobody's tokens make it a flood.
/// </summary>
sealed partial class IssuerKeys(Func<CancellationToken, Task<JsonWebKeySet>> read, TimeSpan timeToLive, TimeProvider time, ILogger logger)
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    // Keys that cannot be read again stay good for so long after their time: an issuer's bad hour is not ours, but a key withdrawn must end.
    static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    readonly Lock _gate = new();
    Read? _last;
    Task _reading = Task.CompletedTask;
    long? _begun;

    /// <summary>The keys; null when there are none that are good. Never waits.</summary>
    public JsonWebKeySet? Current
    {
        get
        {
            if (Volatile.Read(ref _last) is not { } last) return null;
            var age = time.GetElapsedTime(last.At);
            if (age > timeToLive) Begin();
            return age > timeToLive + Grace ? null : last.Keys;
        }
    }

    /// <summary>The keys as they are now, unless they were read within the interval.</summary>
    public async Task<JsonWebKeySet?> AgainAsync(CancellationToken cancellationToken)
    {
        await Begin().WaitAsync(cancellationToken).ConfigureAwait(false);
        return Current;
    }

    Task Begin()
    {
        lock (_gate)
        {
            if (!_reading.IsCompleted || (_begun is { } begun && time.GetElapsedTime(begun) < Interval)) return _reading;
            _begun = time.GetTimestamp();
            return _reading = Task.Run(ReadAsync);
        }
    }

    async Task ReadAsync()
    {
        try
        {
            var keys = await read(CancellationToken.None).ConfigureAwait(false);
            Volatile.Write(ref _last, new(keys, time.GetTimestamp()));
            foreach (string fault in keys.Faults) LogUnusable(logger, fault);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or FormatException or IOException or UnauthorizedAccessException)
        {
            LogUnread(logger, e.Message);
        }
    }

    sealed record Read(JsonWebKeySet Keys, long At);

    [LoggerMessage(EventId = 21, Level = LogLevel.Error, Message = "The JWK set could not be read: {Reason}. Keys read before stay good until an hour after their time")]
    static partial void LogUnread(ILogger logger, string reason);

    [LoggerMessage(EventId = 22, Level = LogLevel.Warning, Message = "A key of the JWK set cannot be used: {Reason}")]
    static partial void LogUnusable(ILogger logger, string reason);
}
