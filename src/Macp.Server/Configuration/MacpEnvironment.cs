using System.Net;
using System.Net.Sockets;
using Macp.Runtime;
using Macp.Server.Configuration;
using Microsoft.Extensions.Configuration;

namespace Macp.Server;

/// <summary>
/// Reads the runtime's settings: the environment's variables, and the section <c>Macp</c> of an application's configuration, where the same settings are written
/// without the prefix and the underscores.
/// </summary>
public static class MacpEnvironment
{
    const string DefaultDataFolder = ".macp-data", FileBackend = "file";

    // A month: no timer waits for longer than 49 days.
    const int MostSeconds = 30 * 24 * 60 * 60;

    /// <summary>The options that the environment sets; the others keep their defaults.</summary>
    /// <param name="variable">Looks a variable up; null where it is not set.</param>
    /// <exception cref="MacpConfigurationException">A variable has a value that makes no sense, or one is missing that belongs to another.</exception>
    public static MacpServerOptions Read(Func<string, string?> variable) => Read(new Settings(variable));

    /// <summary>
    /// The options that a configuration sets, by the names of the variables (<c>MACP_DATA_DIR</c>) or in its section <c>Macp</c> (<c>DataDir</c>); the former
    /// count first.
    /// </summary>
    /// <param name="configuration">The configuration, such as an application's of variables and <c>appsettings.json</c>.</param>
    /// <exception cref="MacpConfigurationException">A setting has a value that makes no sense, one is missing that belongs to another, or the section holds something else.</exception>
    public static MacpServerOptions Read(IConfiguration configuration) => Read(name => configuration[name], configuration);

    /// <summary>As the other, with the variables from elsewhere: a configuration does not tell upper from lower case, and Unix does.</summary>
    /// <param name="variable">Looks a variable up; null where it is not set.</param>
    /// <param name="configuration">The configuration, for its section.</param>
    /// <exception cref="MacpConfigurationException">As of the other.</exception>
    public static MacpServerOptions Read(Func<string, string?> variable, IConfiguration configuration)
    {
        var settings = new Settings(variable, configuration.GetSection(Settings.Section));
        var options = Read(settings);
        settings.RefuseUnknown();
        return options;
    }

    static MacpServerOptions Read(Settings settings)
    {
        RefuseOtherBackends(settings);
        var defaults = new MacpServerOptions();
        string dataFolder = settings.Text("MACP_DATA_DIR") ?? DefaultDataFolder;
        return defaults with
        {
            Listen = Endpoint("MACP_BIND_ADDR") ?? defaults.Listen,
            AllowInsecure = settings.Flag("MACP_ALLOW_INSECURE"),
            AllowRemoteDevelopmentIdentity = settings.Flag("MACP_DEV_IDENTITY_REMOTE"),
            Authentication = IdentitySettings.Authentication(settings, MostSeconds),
            Tls = IdentitySettings.Tls(settings),
            DataFolder = settings.Flag("MACP_MEMORY_ONLY") ? null : dataFolder,
            IsRecoveryStrict = settings.Flag("MACP_STRICT_RECOVERY"),
            PoliciesFolder = settings.Text("MACP_POLICIES_DIR"),
            MaxConcurrentStreams = Positive("MACP_MAX_CONCURRENT_STREAMS", defaults.MaxConcurrentStreams),
            MaxConcurrentCalls = Positive("MACP_CONCURRENCY_LIMIT_PER_CONNECTION", defaults.MaxConcurrentCalls),
            RequestTimeout = Seconds("MACP_REQUEST_TIMEOUT_SECS", defaults.RequestTimeout, 1),
            MetricsListen = Endpoint("MACP_METRICS_ADDR"),
            OtlpEndpoint = TelemetrySettings.OtlpEndpoint(settings),
            LogLevel = TelemetrySettings.LogLevel(settings, defaults.LogLevel),
            LogsJson = TelemetrySettings.LogsJson(settings),
            ShutdownDrain = Seconds("MACP_SHUTDOWN_DRAIN_SECS", defaults.ShutdownDrain, 0),
            Runtime = Runtime(settings, defaults.Runtime),
        };

        IPEndPoint? Endpoint(string name) => settings.Text(name) is { } address ? ParseEndpoint(settings.NameOf(name), address) : null;

        int Positive(string name, int otherwise) => settings.Number(name, otherwise, 1, int.MaxValue);

        TimeSpan Seconds(string name, TimeSpan otherwise, int least) => TimeSpan.FromSeconds(settings.Number(name, (int)otherwise.TotalSeconds, least, MostSeconds));
    }

    static MacpRuntimeOptions Runtime(Settings settings, MacpRuntimeOptions defaults)
    {
        int mostSessions = Positive("MACP_LIST_SESSIONS_MAX_PAGE_SIZE", defaults.MaxSessionsPageSize);
        return defaults with
        {
            MaxPayloadBytes = Positive("MACP_MAX_PAYLOAD_BYTES", defaults.MaxPayloadBytes),
            SessionStartLimitPerMinute = Positive("MACP_SESSION_START_LIMIT_PER_MINUTE", defaults.SessionStartLimitPerMinute),
            MessageLimitPerMinute = Positive("MACP_MESSAGE_LIMIT_PER_MINUTE", defaults.MessageLimitPerMinute),
            SessionsPageSize = settings.Number("MACP_LIST_SESSIONS_DEFAULT_PAGE_SIZE", Math.Min(defaults.SessionsPageSize, mostSessions), 1, mostSessions),
            MaxSessionsPageSize = mostSessions,
            SweepInterval = TimeSpan.FromSeconds(settings.Number("MACP_CLEANUP_INTERVAL_SECS", (int)defaults.SweepInterval.TotalSeconds, 1, MostSeconds)),
            FinishedSessionMemory = TimeSpan.FromSeconds(settings.Number("MACP_SESSION_RETENTION_SECS", (int)defaults.FinishedSessionMemory.TotalSeconds, 0, int.MaxValue)),
            HistoryRetention = settings.Number("MACP_SESSION_DISK_RETENTION_SECS", 0, 0, int.MaxValue) is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : null,
        };

        int Positive(string name, int otherwise) => settings.Number(name, otherwise, 1, int.MaxValue);
    }

    /// <summary>
    /// The older runtime could be told to keep sessions elsewhere, and to write checkpoints (environment.md). Whoever relies on the former must hear of it; of
    /// the latter there are none to write.
    /// </summary>
    static void RefuseOtherBackends(Settings settings)
    {
        settings.Number("MACP_CHECKPOINT_INTERVAL", 0, 0, int.MaxValue);
        settings.Text("MACP_ROCKSDB_PATH");
        settings.Text("MACP_REDIS_URL");
        if (settings.Text("MACP_STORAGE_BACKEND") is { } backend && backend != FileBackend)
            throw new MacpConfigurationException($"{settings.NameOf("MACP_STORAGE_BACKEND")} must be '{FileBackend}': this runtime keeps its histories in a journal in the data folder, and nowhere else; it is '{backend}'.");
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
