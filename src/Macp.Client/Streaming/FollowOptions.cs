namespace Macp.Client;

/// <summary>How a session is followed.</summary>
public sealed record FollowOptions
{
    /// <summary>The ordinal to begin behind; null, the default, to go on where this session object was last, at first from the beginning.</summary>
    public ulong? AfterOrdinal { get; init; }

    /// <summary>
    /// How long to wait for a session that does not exist yet, so that an observer may come before the start;
    /// <see cref="Timeout.InfiniteTimeSpan"/> for ever. Not at all by default: NOT_FOUND is thrown.
    /// </summary>
    public TimeSpan WaitForSession { get; init; }

    /// <summary>
    /// After how long a silence an attached session asks how it stands, since older runtimes do not tell on its stream that it expired or was cancelled:
    /// 30 seconds by default; <see cref="Timeout.InfiniteTimeSpan"/> for never. Only <c>AttachAsync</c> asks.
    /// </summary>
    public TimeSpan StateCheck { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often in a row, and after what waits, a broken stream is opened again: ten times by default. The count begins anew with every item,
    /// and when a stream has held for longer than the longest wait. Its statuses say what is tried again: UNAVAILABLE, and RESOURCE_EXHAUSTED, by which some
    /// runtimes end the stream of a slow reader.
    /// </summary>
    public MacpRetryPolicy Reconnect { get; init; } = new()
    {
        MaxRetries = 10,
        Jitter = 0.2,
        StatusCodes = [Grpc.GrpcStatusCode.Unavailable, Grpc.GrpcStatusCode.ResourceExhausted],
    };
}
