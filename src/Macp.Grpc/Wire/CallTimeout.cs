using System.Globalization;

namespace Macp.Grpc.Wire;

/// <summary>The value of <c>grpc-timeout</c>: at most eight digits and a unit, one of H M S m u n.</summary>
static class CallTimeout
{
    const long MaxValue = 99_999_999;

    // Nanoseconds are finer than a tick; they are handled apart.
    static readonly (char Unit, long Ticks)[] s_units =
    [
        ('u', TimeSpan.TicksPerMicrosecond), ('m', TimeSpan.TicksPerMillisecond), ('S', TimeSpan.TicksPerSecond),
        ('M', TimeSpan.TicksPerMinute), ('H', TimeSpan.TicksPerHour),
    ];

    /// <summary>Writes the finest unit that fits, rounded up so that the server never gives up before the client. Zero or less is <c>0n</c>.</summary>
    public static string Format(TimeSpan timeout)
    {
        long ticks = timeout.Ticks;
        if (ticks <= 0) return "0n";
        if (ticks <= MaxValue / TimeSpan.NanosecondsPerTick) return Text(ticks * TimeSpan.NanosecondsPerTick, 'n');

        foreach (var (unit, each) in s_units)
            if ((ticks - 1) / each + 1 is <= MaxValue and var value) return Text(value, unit);
        return Text(MaxValue, 'H');

        static string Text(long value, char unit) => string.Create(CultureInfo.InvariantCulture, $"{value}{unit}");
    }

    /// <summary>False when malformed. Nanoseconds are rounded up to a tick of 100.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > 9) return false;
        if (!int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int value)) return false;

        char unit = text[^1];
        if (unit == 'n')
        {
            timeout = TimeSpan.FromTicks((value + TimeSpan.NanosecondsPerTick - 1) / TimeSpan.NanosecondsPerTick);
            return true;
        }

        foreach (var (known, each) in s_units)
            if (known == unit)
            {
                timeout = TimeSpan.FromTicks(value * each);
                return true;
            }
        return false;
    }
}
