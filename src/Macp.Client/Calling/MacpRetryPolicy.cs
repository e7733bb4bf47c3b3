using Macp.Grpc;
using Macp.Protocol;

namespace Macp.Client;

/// <summary>
/// When a failed call is repeated, and how long is waited before. A message is repeated with its id, so that one which had arrived is
/// acknowledged as a duplicate and not accepted twice.
/// </summary>
public sealed record MacpRetryPolicy
{
    // Made before the policies below, which have it.
    static readonly IReadOnlyDictionary<ErrorCode, MacpRetryDelay> LimitsAreByTheMinute =
        new Dictionary<ErrorCode, MacpRetryDelay> { [ErrorCode.RateLimited] = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30)) };

    /// <summary>The policy that all of the protocol's clients share: three retries after about 0.1, 0.2 and 0.4 seconds, and later ones where the runtime limits rates.</summary>
    public static MacpRetryPolicy Default { get; } = new();

    /// <summary>No retries.</summary>
    public static MacpRetryPolicy None { get; } = new() { MaxRetries = 0 };

    /// <summary>How many times at most a call is repeated: 3, hence four attempts.</summary>
    public int MaxRetries { get; init; } = 3;

    /// <summary>The wait before the first retry: 0.1 seconds. It doubles with each.</summary>
    public TimeSpan BaseDelay { get; init; } = TimeSpan.FromSeconds(0.1);

    /// <summary>The longest wait: 2 seconds.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The part of each wait, from 0 to 1, that is left to chance, so that clients do not return in step. A fifth by default: waits are up to that much shorter.</summary>
    public double Jitter { get; init; } = 0.2;

    /// <summary>The waits after nacks of certain codes, instead of those above: after <c>RATE_LIMITED</c>, whose limits are by the minute, 1 to 30 seconds.</summary>
    public IReadOnlyDictionary<ErrorCode, MacpRetryDelay> CodeDelays { get; init; } = LimitsAreByTheMinute;

    /// <summary>The codes of nacks that are retried: <c>RATE_LIMITED</c> and <c>INTERNAL_ERROR</c>.</summary>
    public IReadOnlyList<ErrorCode> Codes { get; init; } = [ErrorCode.RateLimited, ErrorCode.InternalError];

    /// <summary>The gRPC statuses that are retried: UNAVAILABLE.</summary>
    public IReadOnlyList<GrpcStatusCode> StatusCodes { get; init; } = [GrpcStatusCode.Unavailable];

    // What a timer takes.
    static readonly TimeSpan LongestWait = TimeSpan.FromDays(49);

    /// <summary>The wait before a retry after whatever failure has no waits of its own.</summary>
    /// <param name="retry">Which one, from 0.</param>
    public TimeSpan DelayBefore(int retry) => DelayBefore(retry, new MacpRetryDelay(BaseDelay, MaxDelay));

    /// <summary>The wait before a retry.</summary>
    /// <param name="retry">Which one, from 0.</param>
    /// <param name="failure">What is retried.</param>
    public TimeSpan DelayBefore(int retry, MacpException failure) =>
        failure is MacpNackException nack && CodeDelays.TryGetValue(nack.Code, out var delay) ? DelayBefore(retry, delay) : DelayBefore(retry);

    /// <summary>Whether a failure is one to retry.</summary>
    public bool Retries(MacpException failure) => failure switch
    {
        MacpNackException nack => Codes.Contains(nack.Code),
        MacpTransportException transport => StatusCodes.Contains(transport.StatusCode),
        _ => false,
    };

    TimeSpan DelayBefore(int retry, MacpRetryDelay delay)
    {
        double seconds = Math.Min(Math.ScaleB(delay.Base.TotalSeconds, Math.Max(retry, 0)), Math.Min(delay.Max.TotalSeconds, LongestWait.TotalSeconds));
        return TimeSpan.FromSeconds(Math.Max(seconds, 0) * (1 - Math.Clamp(Jitter, 0, 1) * Random.Shared.NextDouble()));
    }
}

/// <summary>How waits grow: they double with each retry.</summary>
/// <param name="Base">The wait before the first retry.</param>
/// <param name="Max">The longest wait.</param>
public sealed record MacpRetryDelay(TimeSpan Base, TimeSpan Max);
