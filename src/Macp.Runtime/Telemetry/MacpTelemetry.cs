namespace Macp.Runtime;

/// <summary>The names under which a runtime is measured and traced; what stands under them is told in docs/telemetry.md.</summary>
public static class MacpTelemetry
{
    /// <summary>The name of every runtime's <see cref="System.Diagnostics.Metrics.Meter"/>.</summary>
    public const string MeterName = "Macp.Runtime";

    /// <summary>The name of the kernel's <see cref="System.Diagnostics.ActivitySource"/>.</summary>
    public const string ActivitySourceName = "Macp.Runtime";
}
