namespace Macp.Client;

/// <summary>How a watcher watches.</summary>
public sealed record WatchOptions
{
    /// <summary>The credential and the headers of its calls; a timeout counts for each question that it asks, and never for the watch itself. The client's when null.</summary>
    public MacpCallOptions? Call { get; init; }

    /// <summary>
    /// How often in a row, and after what waits, a broken stream is opened again: ten times by default, <see cref="MacpRetryPolicy.None"/> for one stream only.
    /// The count begins anew with everything that the runtime tells, and when a stream has held for longer than the longest wait. Its statuses say what is
    /// tried again: UNAVAILABLE, and RESOURCE_EXHAUSTED, by which a runtime ends the stream of a slow reader. A stream that ends with OK is opened again too,
    /// since older runtimes end those of slow readers so.
    /// </summary>
    public MacpRetryPolicy Reconnect { get; init; } = new FollowOptions().Reconnect;

    /// <summary>
    /// Of sessions: whether those are found that started and ended while the stream was broken. For that all sessions are listed after each break, those that
    /// have ended too, which a runtime with a long history takes its time for. True by default; false to be told of those only that were known, or are open.
    /// </summary>
    public bool FindMissed { get; init; } = true;
}
