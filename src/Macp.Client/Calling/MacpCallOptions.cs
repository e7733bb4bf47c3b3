namespace Macp.Client;

/// <summary>What one call does otherwise than its session and its client.</summary>
public sealed record MacpCallOptions
{
    /// <summary>The credential of this call; before the session's and the client's.</summary>
    public MacpAuth? Auth { get; init; }

    /// <summary>
    /// How long a unary call may take, each attempt for itself; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> lifts the client's default. Streams have no
    /// timeout. Asking a token provider does not count.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>True, the default, to throw <see cref="MacpNackException"/> when the runtime refuses; false to return the negative ack.</summary>
    public bool ThrowOnNack { get; init; } = true;

    /// <summary>Further metadata of the request. Never <c>authorization</c>: that is <see cref="Auth"/>.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>When and how this call is repeated; the client's policy when null, <see cref="MacpRetryPolicy.None"/> for never.</summary>
    public MacpRetryPolicy? Retry { get; init; }

    /// <summary>
    /// True, the default, to refuse before the wire what the runtime would refuse: for its form, and in a session whose stream was followed from the start
    /// for what no later message can undo, such as a second vote; false to let the runtime judge.
    /// </summary>
    public bool ValidateLocally { get; init; } = true;

    /// <summary>The message's id; a new UUID when null. Repeat an id to send the same message again.</summary>
    public string? MessageId { get; init; }

    /// <summary>The sender named in the envelope; when null the credential's, and empty when that has none.</summary>
    public string? Sender { get; init; }
}
