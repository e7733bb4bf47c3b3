using System.Globalization;

namespace Macp.Benchmarks.Overload;

/// <summary>How long a window is, and how many connections are opened.</summary>
sealed record OverloadOptions(int Seconds, int Connections)
{
    /// <summary>Reads <c>--seconds N</c> and <c>--connections N</c>; null where there is anything else.</summary>
    public static OverloadOptions? TryRead(ReadOnlySpan<string> arguments)
    {
        var options = new OverloadOptions(Seconds: 5, Connections: 10_000);
        for (; arguments is [var name, var text, ..]; arguments = arguments[2..])
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number < 1) return null;
            if (name == "--seconds") options = options with { Seconds = number };
            else if (name == "--connections") options = options with { Connections = number };
            else return null;
        }
        return arguments.IsEmpty ? options : null;
    }
}
