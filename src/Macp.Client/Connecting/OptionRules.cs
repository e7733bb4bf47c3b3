namespace Macp.Client;

/// <summary>What options must be. Each finding names its option and the way out.</summary>
static class OptionRules
{
    // What SocketsHttpHandler takes.
    static readonly TimeSpan ShortestKeepAlive = TimeSpan.FromSeconds(1);

    /// <summary>Everything that is wrong with these options.</summary>
    public static IEnumerable<string> Findings(MacpClientOptions options)
    {
        if (EndpointFinding(options) is { } endpoint) yield return $"{nameof(options.Endpoint)}: {endpoint}";
        if (!IsTimeout(options.DefaultTimeout)) yield return $"{nameof(options.DefaultTimeout)} must be positive or infinite; it is {options.DefaultTimeout}.";
        if (!IsTimeout(options.ConnectTimeout)) yield return $"{nameof(options.ConnectTimeout)} must be positive or infinite; it is {options.ConnectTimeout}.";
        if (options.KeepAlive != Timeout.InfiniteTimeSpan && options.KeepAlive < ShortestKeepAlive)
            yield return $"{nameof(options.KeepAlive)} must be a second at least, or infinite; it is {options.KeepAlive}.";
        if (options.MaxPayloadBytes <= 0) yield return $"{nameof(options.MaxPayloadBytes)} must be positive; it is {options.MaxPayloadBytes}.";
        if (string.IsNullOrWhiteSpace(options.ClientName)) yield return $"{nameof(options.ClientName)} must not be blank; leave it out.";
        if (string.IsNullOrWhiteSpace(options.ClientVersion)) yield return $"{nameof(options.ClientVersion)} must not be blank; leave it out.";
        if (options.TimeProvider is null) yield return $"{nameof(options.TimeProvider)} must not be null; leave it out.";
        if (options.Retry is not { } retry) yield break;

        if (retry.MaxRetries < 0) yield return $"{nameof(options.Retry)}.{nameof(retry.MaxRetries)} must not be negative; it is {retry.MaxRetries}.";
        if (retry.BaseDelay < TimeSpan.Zero) yield return $"{nameof(options.Retry)}.{nameof(retry.BaseDelay)} must not be negative; it is {retry.BaseDelay}.";
        if (retry.MaxDelay < retry.BaseDelay) yield return $"{nameof(options.Retry)}.{nameof(retry.MaxDelay)} must not be below {nameof(retry.BaseDelay)}; it is {retry.MaxDelay}.";
        if (retry.Jitter is not (>= 0 and <= 1)) yield return $"{nameof(options.Retry)}.{nameof(retry.Jitter)} must be from 0 to 1.";
    }

    /// <summary>A copy of these options.</summary>
    /// <exception cref="MacpConfigurationException">Something is wrong with them.</exception>
    public static MacpClientOptions Checked(MacpClientOptions options)
    {
        var copy = options with { };
        string findings = string.Join(' ', Findings(copy));
        return findings.Length == 0 ? copy : throw new MacpConfigurationException(findings);
    }

    static string? EndpointFinding(MacpClientOptions options)
    {
        // Required by the compiler, but not of what a configuration makes.
        if (options.Endpoint is null) return "there is none. Write https://host:port, or host:port.";
        try
        {
            Connecting.Address(options.Endpoint, options.AllowInsecure);
            return null;
        }
        catch (MacpConfigurationException e)
        {
            return e.Message;
        }
    }

    static bool IsTimeout(TimeSpan? timeout) => timeout is null || timeout > TimeSpan.Zero || timeout == Timeout.InfiniteTimeSpan;
}
