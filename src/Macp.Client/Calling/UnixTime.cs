namespace Macp.Client;

/// <summary>Milliseconds since 1970, as the wire counts time.</summary>
static class UnixTime
{
    static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>Null for zero and below, which stand for "not set"; the end of the calendar for what lies behind it.</summary>
    public static DateTimeOffset? Read(long milliseconds) =>
        milliseconds <= 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(milliseconds, Latest));
}
