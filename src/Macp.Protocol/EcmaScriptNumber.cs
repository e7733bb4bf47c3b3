using System.Globalization;

namespace Macp.Protocol;

/// <summary>Prints a double as ECMAScript's Number::toString does, which RFC 8785 section 3.2.2.3 asks for.</summary>
static class EcmaScriptNumber
{
    public static string Format(double value)
    {
        if (!double.IsFinite(value)) throw new ArgumentOutOfRangeException(nameof(value), value, "JSON has no number that is not finite.");
        if (value == 0) return "0";

        var (digits, point) = Parse(Shortest(Math.Abs(value)));
        return (value < 0 ? "-" : "") + Lay(digits, point);
    }

    /// <summary>The fewest digits that read back as the number. "R" gives them, but for 2^-25 and 2^-958, which need seventeen and get sixteen.</summary>
    static string Shortest(double value)
    {
        string shortest = value.ToString("R", CultureInfo.InvariantCulture);
        return double.Parse(shortest, CultureInfo.InvariantCulture) == value ? shortest : value.ToString("E16", CultureInfo.InvariantCulture);
    }

    /// <summary>The significant digits, and where the decimal point stands after the first of them.</summary>
    static (string Digits, int Point) Parse(string text)
    {
        int e = text.IndexOf('E');
        int exponent = e < 0 ? 0 : int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string mantissa = e < 0 ? text : text[..e];
        int dot = mantissa.IndexOf('.');
        string all = mantissa.Replace(".", "", StringComparison.Ordinal);
        string digits = all.TrimStart('0');
        int point = (dot < 0 ? mantissa.Length : dot) - (all.Length - digits.Length) + exponent;
        return (digits.TrimEnd('0'), point);
    }

    static string Lay(string digits, int point)
    {
        int count = digits.Length;
        if (count <= point && point <= 21) return digits + new string('0', point - count);
        if (0 < point && point <= 21) return $"{digits[..point]}.{digits[point..]}";
        if (-6 < point && point <= 0) return $"0.{new string('0', -point)}{digits}";
        string exponent = point - 1 < 0 ? $"e-{1 - point}" : $"e+{point - 1}";
        return count == 1 ? digits + exponent : $"{digits[..1]}.{digits[1..]}{exponent}";
    }
}
