using System.Text;

namespace Macp.Server.Authentication;

/// <summary>Where a JWK set is read from: text, a file, or a URL. The first two are read when the server starts, which a fault in them ends.</summary>
static class KeyReaders
{
    static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3), Timeout = TimeSpan.FromSeconds(5);

    /// <exception cref="MacpConfigurationException">There is no source, or what is read at the start cannot be used.</exception>
    public static Func<CancellationToken, Task<JsonWebKeySet>> Of(MacpJwtOptions options)
    {
        if (options.KeysJson is { } json)
        {
            var set = AtStart("MACP_AUTH_JWKS_JSON", () => JsonWebKeySet.Parse(Encoding.UTF8.GetBytes(json), options.Algorithms));
            return _ => Task.FromResult(set);
        }
        if (options.KeysFile is { } file)
        {
            AtStart($"MACP_AUTH_JWKS_FILE: {file}", () => JsonWebKeySet.Parse(File.ReadAllBytes(file), options.Algorithms));
            return async token => JsonWebKeySet.Parse(await File.ReadAllBytesAsync(file, token).ConfigureAwait(false), options.Algorithms);
        }
        return options.KeysUrl is { } url
            ? Over(Trustworthy(url.OriginalString), options.Algorithms)
            : throw new MacpConfigurationException("JWTs are configured without a source of keys; set one of MACP_AUTH_JWKS_URL, MACP_AUTH_JWKS_FILE and MACP_AUTH_JWKS_JSON.");
    }

    /// <summary>The URL, if it may be asked for keys: whoever can change the answer can be anybody.</summary>
    /// <exception cref="MacpConfigurationException">It may not.</exception>
    public static Uri Trustworthy(string text)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))) return url;
        // What stands before the @ may be a password.
        string told = text.Contains('@', StringComparison.Ordinal) ? "***" : text;
        throw new MacpConfigurationException($"MACP_AUTH_JWKS_URL must be an https URL, or an http one on this machine; it is '{told}'.");
    }

    // Redirects are not followed: the URL says whom to trust. The handler lasts as long as the process does.
    static Func<CancellationToken, Task<JsonWebKeySet>> Over(Uri url, IReadOnlyList<string> algorithms)
    {
        var http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = ConnectTimeout, AllowAutoRedirect = false, UseCookies = false, UseProxy = false, PooledConnectionLifetime = TimeSpan.FromMinutes(1) })
        {
            Timeout = Timeout,
            MaxResponseContentBufferSize = JsonWebKeySet.MostBytes,
        };
        return async token => JsonWebKeySet.Parse(await http.GetByteArrayAsync(url, token).ConfigureAwait(false), algorithms);
    }

    static JsonWebKeySet AtStart(string source, Func<JsonWebKeySet> parse)
    {
        try
        {
            var set = parse();
            return set.Faults.Count == 0 ? set : throw new FormatException(set.Faults[0]);
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new MacpConfigurationException($"{source}: {e.Message}.");
        }
    }
}
