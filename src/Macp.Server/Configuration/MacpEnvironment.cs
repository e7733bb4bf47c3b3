using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Macp.Runtime;
using Macp.Server.Configuration;

namespace Macp.Server;

/// <summary>Reads the runtime's environment variables. Flags are on for the exact value <c>1</c> only.</summary>
public static class MacpEnvironment
{
    const string DefaultDataFolder = ".macp-data";

    // A month: no timer waits for longer than 49 days.
    const int MostSeconds = 30 * 24 * 60 * 60;

    /// <summary>The options that the environment sets; the others keep their defaults.</summary>
    /// <param name="variable">Looks a variable up; null where it is not set.</param>
    /// <exception cref="MacpConfigurationException">A variable has a value that makes no sense, or one is missing that belongs to another.</exception>
    public static MacpServerOptions Read(Func<string, string?> variable)
    {
        var defaults = new MacpServerOptions();
        int mostSessions = Positive("MACP_LIST_SESSIONS_MAX_PAGE_SIZE", defaults.Runtime.MaxSessionsPageSize);
        return defaults with
        {
            Listen = variable("MACP_BIND_ADDR") is { Length: > 0 } address ? ParseEndpoint("MACP_BIND_ADDR", address) : defaults.Listen,
            AllowInsecure = variable("MACP_ALLOW_INSECURE") == "1",
            AllowRemoteDevelopmentIdentity = variable("MACP_DEV_IDENTITY_REMOTE") == "1",
            Authentication = IdentityVariables.Authentication(variable, (name, otherwise) => Number(name, otherwise, 1, MostSeconds)),
            Tls = IdentityVariables.Tls(variable),
            DataFolder = variable("MACP_MEMORY_ONLY") == "1" ? null : variable("MACP_DATA_DIR") is { Length: > 0 } data ? data : DefaultDataFolder,
            PoliciesFolder = variable("MACP_POLICIES_DIR") is { Length: > 0 } folder ? folder : null,
            MaxConcurrentStreams = Positive("MACP_MAX_CONCURRENT_STREAMS", defaults.MaxConcurrentStreams),
            ShutdownDrain = TimeSpan.FromSeconds(Number("MACP_SHUTDOWN_DRAIN_SECS", (int)defaults.ShutdownDrain.TotalSeconds, 0, MostSeconds)),
            Runtime = new MacpRuntimeOptions() with
            {
                MaxPayloadBytes = Positive("MACP_MAX_PAYLOAD_BYTES", defaults.Runtime.MaxPayloadBytes),
                SessionStartLimitPerMinute = Positive("MACP_SESSION_START_LIMIT_PER_MINUTE", defaults.Runtime.SessionStartLimitPerMinute),
                MessageLimitPerMinute = Positive("MACP_MESSAGE_LIMIT_PER_MINUTE", defaults.Runtime.MessageLimitPerMinute),
                SessionsPageSize = Number("MACP_LIST_SESSIONS_DEFAULT_PAGE_SIZE", Math.Min(defaults.Runtime.SessionsPageSize, mostSessions), 1, mostSessions),
                MaxSessionsPageSize = mostSessions,
                SweepInterval = TimeSpan.FromSeconds(Number("MACP_CLEANUP_INTERVAL_SECS", (int)defaults.Runtime.SweepInterval.TotalSeconds, 1, MostSeconds)),
                FinishedSessionMemory = TimeSpan.FromSeconds(Number("MACP_SESSION_RETENTION_SECS", (int)defaults.Runtime.FinishedSessionMemory.TotalSeconds, 0, int.MaxValue)),
                HistoryRetention = Number("MACP_SESSION_DISK_RETENTION_SECS", 0, 0, int.MaxValue) is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : null,
            },
        };

        int Positive(string name, int otherwise) => Number(name, otherwise, 1, int.MaxValue);

        int Number(string name, int otherwise, int least, int most)
        {
            if (variable(name) is not { Length: > 0 } text) return otherwise;
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most
                ? value
                : throw new MacpConfigurationException($"{name} must be a whole number from {least} to {most}; it is '{text}'.");
        }
    }

    /// <summary>An address and a port, as <c>127.0.0.1:50051</c> or <c>[::1]:0</c>. Names of hosts are not looked up, but for <c>localhost</c>.</summary>
    /// <param name="setting">What is being set, for the message.</param>
    /// <param name="text">The address.</param>
    /// <exception cref="MacpConfigurationException">It is not one.</exception>
    public static IPEndPoint ParseEndpoint(string setting, string text)
    {
        string numeric = text.StartsWith("localhost:", StringComparison.Ordinal) ? "127.0.0.1" + text["localhost".Length..] : text;
        return IPEndPoint.TryParse(numeric, out var endpoint) && IsWrittenOut(numeric, endpoint)
            ? endpoint
            : throw new MacpConfigurationException($"{setting} must be an IP address and a port, such as 127.0.0.1:50051; it is '{text}'.");
    }

    /// <summary>Both parts are there: <c>127.1</c>, <c>0x7f.0.0.1</c> and <c>::1</c> are more likely slips than addresses.</summary>
    static bool IsWrittenOut(string text, IPEndPoint endpoint) =>
        char.IsAsciiDigit(text[^1]) && (endpoint.AddressFamily is AddressFamily.InterNetworkV6 ? text.Contains("]:", StringComparison.Ordinal) : endpoint.ToString() == text);
}
