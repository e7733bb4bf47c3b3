using Macp.Grpc;
using Macp.Protocol;

namespace Macp.Client;

/// <summary>
/// When a failed call is repeated, and how long is waited before. A message is repeated with its id, so that one which had arrived is
/// acknowledged as a duplicate and not accepted twice.
/// </summary>
public sealed record MacpRetryPolicy
{
    /// <summary>The policy that all of the protocol's clients share: three retries after 0.1, 0.2 and 0.4 seconds.</summary>
    public static MacpRetryPolicy Default { get; } = new();

    /// <summary>No retries.</summary>
    public static MacpRetryPolicy None { get; } = new() { MaxRetries = 0 };

    /// <summary>How many times at most a call is repeated: 3, hence four attempts.</summary>
    public int MaxRetries { get; init; } = 3;

    /// <summary>The wait before the first retry: 0.1 seconds. It doubles with each.</summary>
    public TimeSpan BaseDelay { get; init; } = TimeSpan.FromSeconds(0.1);

    /// <summary>The longest wait: 2 seconds.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The part of each wait, from 0 to 1, that is left to chance, so that clients do not return in step. 0, none, by default.</summary>
    public double Jitter { get; init; }

    /// <summary>The codes of nacks that are retried: <c>RATE_LIMITED</c> and <c>INTERNAL_ERROR</c>.</summary>
    public IReadOnlyList<ErrorCode> Codes { get; init; } = [ErrorCode.RateLimited, ErrorCode.InternalError];

    /// <summary>The gRPC statuses that are retried: UNAVAILABLE.</summary>
    public IReadOnlyList<GrpcStatusCode> StatusCodes { get; init; } = [GrpcStatusCode.Unavailable];

    /// <summary>The wait before a retry.</summary>
    /// <param name="retry">Which one, from 0.</param>
    public TimeSpan DelayBefore(int retry)
    {
        double seconds = Math.Min(Math.ScaleB(BaseDelay.TotalSeconds, Math.Max(retry, 0)), MaxDelay.TotalSeconds);
        return TimeSpan.FromSeconds(Math.Max(seconds, 0) * (1 - Math.Clamp(Jitter, 0, 1) * Random.Shared.NextDouble()));
    }

    /// <summary>Whether a failure is one to retry.</summary>
    public bool Retries(MacpException failure) => failure switch
    {
        MacpNackException nack => Codes.Contains(nack.Code),
        MacpTransportException transport => StatusCodes.Contains(transport.StatusCode),
        _ => false,
    };
}
