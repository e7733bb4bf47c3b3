using Microsoft.Extensions.Logging;

namespace Macp.Server.Configuration;

/// <summary>The settings of logs, and of what is sent to a collector.</summary>
static class TelemetrySettings
{
    const string Otlp = "OTEL_EXPORTER_OTLP_ENDPOINT", Level = "MACP_LOG", OlderLevel = "RUST_LOG", Format = "MACP_LOG_FORMAT";

    static readonly Dictionary<string, LogLevel> Levels = new(StringComparer.OrdinalIgnoreCase)
    {
        ["off"] = Microsoft.Extensions.Logging.LogLevel.None,
        ["error"] = Microsoft.Extensions.Logging.LogLevel.Error,
        ["warn"] = Microsoft.Extensions.Logging.LogLevel.Warning,
        ["info"] = Microsoft.Extensions.Logging.LogLevel.Information,
        ["debug"] = Microsoft.Extensions.Logging.LogLevel.Debug,
        ["trace"] = Microsoft.Extensions.Logging.LogLevel.Trace,
    };

    /// <summary>The collector's address, by the variable that every exporter of OTLP knows.</summary>
    public static Uri? OtlpEndpoint(Settings settings)
    {
        if (settings.Foreign(Otlp) is not { } text) return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            ? uri
            : throw new MacpConfigurationException($"{Otlp} must be an http or https URL, such as http://localhost:4317; it is '{text}'.");
    }

    public static LogLevel LogLevel(Settings settings, LogLevel otherwise)
    {
        if (settings.Text(Level) is not { } text) return OlderLogLevel(settings) ?? otherwise;
        return Levels.TryGetValue(text, out var level)
            ? level
            : throw new MacpConfigurationException($"{settings.NameOf(Level)} must be one of {string.Join(", ", Levels.Keys)}; it is '{text}'.");
    }

    public static bool LogsJson(Settings settings) => settings.Text(Format) switch
    {
        null or "text" => false,
        "json" => true,
        var text => throw new MacpConfigurationException($"{settings.NameOf(Format)} must be text or json; it is '{text}'."),
    };

    /// <summary>
    /// The level of the older runtime's variable, of which the one without a target counts: targets are parts of a program that this is not. What says none
    /// changes nothing.
    /// </summary>
    static LogLevel? OlderLogLevel(Settings settings)
    {
        string[] directives = settings.Foreign(OlderLevel)?.Split(',', StringSplitOptions.TrimEntries) ?? [];
        foreach (string directive in directives)
            if (Levels.TryGetValue(directive, out var level)) return level;
        return null;
    }
}
