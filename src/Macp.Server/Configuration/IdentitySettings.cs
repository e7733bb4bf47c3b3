using Macp.Server.Authentication;

namespace Macp.Server.Configuration;

/// <summary>The settings of identity and TLS. The files that they name are read when the server starts.</summary>
static class IdentitySettings
{
    public static MacpAuthenticationOptions Authentication(Settings settings, int mostSeconds) => new()
    {
        TokensJson = settings.Text("MACP_AUTH_TOKENS_JSON"),
        TokensFile = settings.Text("MACP_AUTH_TOKENS_FILE"),
        Jwt = Jwt(settings, mostSeconds),
    };

    public static MacpTlsOptions? Tls(Settings settings) =>
        (settings.Text("MACP_TLS_CERT_PATH"), settings.Text("MACP_TLS_KEY_PATH"), settings.Text("MACP_TLS_CLIENT_CA_PATH")) switch
        {
            ({ } certificate, { } key, var authorities) => new() { CertificateFile = certificate, KeyFile = key, ClientAuthoritiesFile = authorities },
            ({ }, null, _) => throw Half(settings, "MACP_TLS_CERT_PATH", "MACP_TLS_KEY_PATH"),
            (null, { }, _) => throw Half(settings, "MACP_TLS_KEY_PATH", "MACP_TLS_CERT_PATH"),
            (null, null, { }) => throw Half(settings, "MACP_TLS_CLIENT_CA_PATH", "MACP_TLS_CERT_PATH and MACP_TLS_KEY_PATH"),
            _ => null,
        };

    static MacpJwtOptions? Jwt(Settings settings, int mostSeconds)
    {
        string? issuer = settings.Text("MACP_AUTH_ISSUER"), audience = settings.Text("MACP_AUTH_AUDIENCE"), algorithms = settings.Text("MACP_AUTH_JWT_ALGS");
        string? json = settings.Text("MACP_AUTH_JWKS_JSON"), file = settings.Text("MACP_AUTH_JWKS_FILE"), url = settings.Text("MACP_AUTH_JWKS_URL");
        var defaults = new MacpJwtOptions { Issuer = issuer ?? "" };
        int timeToLive = settings.Number("MACP_AUTH_JWKS_TTL_SECS", (int)defaults.KeysTimeToLive.TotalSeconds, 1, mostSeconds);

        string? keys = json is not null ? "MACP_AUTH_JWKS_JSON" : file is not null ? "MACP_AUTH_JWKS_FILE" : url is not null ? "MACP_AUTH_JWKS_URL" : null;
        if (issuer is null) return keys is null ? null : throw Half(settings, keys, "MACP_AUTH_ISSUER");
        if (keys is null) throw Half(settings, "MACP_AUTH_ISSUER", "one of MACP_AUTH_JWKS_URL, MACP_AUTH_JWKS_FILE and MACP_AUTH_JWKS_JSON");
        return defaults with
        {
            Audience = audience ?? defaults.Audience,
            Algorithms = algorithms is null ? defaults.Algorithms : Algorithms(settings, algorithms),
            KeysJson = json,
            KeysFile = file,
            KeysUrl = url is null ? null : KeyReaders.Trustworthy(url),
            KeysTimeToLive = TimeSpan.FromSeconds(timeToLive),
        };
    }

    static string[] Algorithms(Settings settings, string list)
    {
        string[] names = [.. list.ToUpperInvariant().Split(',', StringSplitOptions.TrimEntries)];
        return names.All(MacpJwtOptions.KnownAlgorithms.Contains)
            ? names
            : throw new MacpConfigurationException($"{settings.NameOf("MACP_AUTH_JWT_ALGS")} must be a list, with commas, of {string.Join(", ", MacpJwtOptions.KnownAlgorithms)}; it is '{list}'.");
    }

    static MacpConfigurationException Half(Settings settings, string there, string missing) => new($"{settings.NameOf(there)} is set, and {missing} must be set too.");
}
