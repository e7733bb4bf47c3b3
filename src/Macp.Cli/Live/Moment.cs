using System.Globalization;

namespace Macp.Cli.Live;

/// <summary>Points in time, in UTC and to the millisecond; a dash where none is set.</summary>
static class Moment
{
    static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    public static string Of(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture) ?? "-";

    /// <summary>Milliseconds since 1970, by whatever clock of whichever sender.</summary>
    public static string Of(long milliseconds) => Of(milliseconds > 0 && milliseconds <= Latest ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null);
}
