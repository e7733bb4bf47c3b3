namespace Macp.Cli;

/// <summary>Reads where a runtime is, as people write it.</summary>
static class Endpoints
{
    /// <summary>A URL; a bare <c>host:port</c> means http. Null, after a complaint that names where the text stands, for what is neither.</summary>
    public static Uri? Parse(string name, string text, Action<string> complain)
    {
        string url = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
        if (Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https") && uri.Host.Length > 0) return uri;
        complain($"{name} must be a URL such as http://127.0.0.1:50051; it is '{text}'");
        return null;
    }
}
