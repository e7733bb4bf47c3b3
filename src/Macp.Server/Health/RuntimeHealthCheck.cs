using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Macp.Server.Health;

/// <summary>The runtime's part of an application's health: unhealthy before its recovery is done, and once the host stops.</summary>
sealed class RuntimeHealthCheck(Readiness readiness) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        readiness.IsServing ? HealthCheckResult.Healthy() : new HealthCheckResult(context.Registration.FailureStatus, "The runtime does not serve: it is starting, or stopping."));
}
