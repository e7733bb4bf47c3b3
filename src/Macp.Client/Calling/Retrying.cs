namespace Macp.Client;

/// <summary>Repeats a call as its policy says.</summary>
static class Retrying
{
    /// <param name="policy">Null for one attempt.</param>
    /// <param name="telemetry">Hears of retries, and has the clock of the waits.</param>
    /// <param name="operation">What is called.</param>
    /// <param name="attempt">The call. It sends the same each time.</param>
    /// <param name="cancellationToken">Ends the waits too.</param>
    /// <exception cref="MacpRetryException">Several attempts were made, and each failed.</exception>
    public static async Task<T> RunAsync<T>(
        MacpRetryPolicy? policy, ClientTelemetry telemetry, string operation, Func<Task<T>> attempt, CancellationToken cancellationToken)
    {
        if (policy is null or { MaxRetries: <= 0 }) return await attempt().ConfigureAwait(false);

        for (int retry = 0; ; retry++)
        {
            TimeSpan wait;
            try
            {
                return await attempt().ConfigureAwait(false);
            }
            catch (MacpException failure) when (policy.Retries(failure))
            {
                if (retry == policy.MaxRetries) throw new MacpRetryException(retry + 1, failure);
                wait = policy.DelayBefore(retry, failure);
                telemetry.Retrying(operation, retry + 1, wait, failure);
            }
            await Task.Delay(wait, telemetry.Time, cancellationToken).ConfigureAwait(false);
        }
    }
}
