using System.Diagnostics.Metrics;

namespace Macp.Server.Telemetry;

/// <summary>What the server counts of callers that the kernel never hears of.</summary>
sealed class ServerMetrics(IMeterFactory meters)
{
    public const string MeterName = "Macp.Server";

    readonly Counter<long> _refusedCredentials = meters.Create(MeterName).CreateCounter<long>("macp.credentials.refused", "{credential}", "Credentials that were refused.");

    /// <summary>Somebody's credential was refused.</summary>
    public void RefusedCredential() => _refusedCredentials.Add(1);
}
