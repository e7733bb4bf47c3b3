namespace Macp.Client;

/// <summary>Repeats a call as its policy says.</summary>
static class Retrying
{
    /// <param name="policy">Null for one attempt.</param>
    /// <param name="time">The clock of the waits.</param>
    /// <param name="attempt">The call. It sends the same each time.</param>
    /// <param name="cancellationToken">Ends the waits too.</param>
    /// <exception cref="MacpRetryException">Several attempts were made, and each failed.</exception>
    public static async Task<T> RunAsync<T>(MacpRetryPolicy? policy, TimeProvider time, Func<Task<T>> attempt, CancellationToken cancellationToken)
    {
        if (policy is null or { MaxRetries: <= 0 }) return await attempt().ConfigureAwait(false);

        for (int retry = 0; ; retry++)
        {
            try
            {
                return await attempt().ConfigureAwait(false);
            }
            catch (MacpException failure) when (policy.Retries(failure))
            {
                if (retry == policy.MaxRetries) throw new MacpRetryException(retry + 1, failure);
            }
            await Task.Delay(policy.DelayBefore(retry), time, cancellationToken).ConfigureAwait(false);
        }
    }
}
