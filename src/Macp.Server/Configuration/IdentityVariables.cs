using Macp.Server.Authentication;

namespace Macp.Server.Configuration;

/// <summary>The environment's variables of identity and TLS. The files that they name are read when the server starts.</summary>
static class IdentityVariables
{
    public static MacpAuthenticationOptions Authentication(Func<string, string?> variable, Func<string, int, int> seconds) => new()
    {
        TokensJson = Said(variable, "MACP_AUTH_TOKENS_JSON"),
        TokensFile = Said(variable, "MACP_AUTH_TOKENS_FILE"),
        Jwt = Jwt(variable, seconds),
    };

    public static MacpTlsOptions? Tls(Func<string, string?> variable) =>
        (Said(variable, "MACP_TLS_CERT_PATH"), Said(variable, "MACP_TLS_KEY_PATH"), Said(variable, "MACP_TLS_CLIENT_CA_PATH")) switch
        {
            ({ } certificate, { } key, var authorities) => new() { CertificateFile = certificate, KeyFile = key, ClientAuthoritiesFile = authorities },
            ({ }, null, _) => throw Half("MACP_TLS_CERT_PATH", "MACP_TLS_KEY_PATH"),
            (null, { }, _) => throw Half("MACP_TLS_KEY_PATH", "MACP_TLS_CERT_PATH"),
            (null, null, { }) => throw Half("MACP_TLS_CLIENT_CA_PATH", "MACP_TLS_CERT_PATH and MACP_TLS_KEY_PATH"),
            _ => null,
        };

    static MacpJwtOptions? Jwt(Func<string, string?> variable, Func<string, int, int> seconds)
    {
        string? json = Said(variable, "MACP_AUTH_JWKS_JSON"), file = Said(variable, "MACP_AUTH_JWKS_FILE"), url = Said(variable, "MACP_AUTH_JWKS_URL");
        string? keys = json is not null ? "MACP_AUTH_JWKS_JSON" : file is not null ? "MACP_AUTH_JWKS_FILE" : url is not null ? "MACP_AUTH_JWKS_URL" : null;
        if (Said(variable, "MACP_AUTH_ISSUER") is not { } issuer) return keys is null ? null : throw Half(keys, "MACP_AUTH_ISSUER");
        if (keys is null) throw Half("MACP_AUTH_ISSUER", "one of MACP_AUTH_JWKS_URL, MACP_AUTH_JWKS_FILE and MACP_AUTH_JWKS_JSON");

        var defaults = new MacpJwtOptions { Issuer = issuer };
        return defaults with
        {
            Audience = Said(variable, "MACP_AUTH_AUDIENCE") ?? defaults.Audience,
            Algorithms = Said(variable, "MACP_AUTH_JWT_ALGS") is { } list ? Algorithms(list) : defaults.Algorithms,
            KeysJson = json,
            KeysFile = file,
            KeysUrl = url is null ? null : KeyReaders.Trustworthy(new(url, UriKind.RelativeOrAbsolute)),
            KeysTimeToLive = TimeSpan.FromSeconds(seconds("MACP_AUTH_JWKS_TTL_SECS", (int)defaults.KeysTimeToLive.TotalSeconds)),
        };
    }

    static string[] Algorithms(string list)
    {
        string[] names = [.. list.ToUpperInvariant().Split(',', StringSplitOptions.TrimEntries)];
        return names.All(MacpJwtOptions.KnownAlgorithms.Contains)
            ? names
            : throw new MacpConfigurationException($"MACP_AUTH_JWT_ALGS must be a list, with commas, of {string.Join(", ", MacpJwtOptions.KnownAlgorithms)}; it is '{list}'.");
    }

    static string? Said(Func<string, string?> variable, string name) => variable(name) is { Length: > 0 } said ? said : null;

    static MacpConfigurationException Half(string there, string missing) => new($"{there} is set, and {missing} must be set too.");
}
