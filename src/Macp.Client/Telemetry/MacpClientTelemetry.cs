namespace Macp.Client;

/// <summary>The names under which clients are measured, traced and logged; what stands under them is told in docs/client-telemetry.md.</summary>
public static class MacpClientTelemetry
{
    /// <summary>The name of the <see cref="System.Diagnostics.ActivitySource"/>.</summary>
    public const string ActivitySourceName = "Macp.Client";

    /// <summary>The name of the <see cref="System.Diagnostics.Metrics.Meter"/>.</summary>
    public const string MeterName = "Macp.Client";

    /// <summary>The category of the log.</summary>
    public const string LogCategory = "Macp.Client";
}
