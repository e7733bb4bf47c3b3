using System.Globalization;

namespace Macp.Tests;

/// <summary>A culture that writes numbers as nobody does, for as long as this is not disposed.</summary>
sealed class OddCulture : IDisposable
{
    readonly CultureInfo _before = CultureInfo.CurrentCulture;

    public OddCulture()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NegativeSign) = ("_", "minus");
        CultureInfo.CurrentCulture = culture;
    }

    public void Dispose() => CultureInfo.CurrentCulture = _before;
}
