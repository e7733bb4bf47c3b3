namespace Macp.Cli;

/// <summary>Reads where a runtime is, as people write it.</summary>
static class Endpoints
{
    /// <summary>A URL; a bare <c>host:port</c> means http. Null, after a complaint that names where the text stands, for what is neither.</summary>
    public static Uri? Parse(string name, string text, Action<string> complain)
    {
        string url = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
        if (Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https") && uri.Host.Length > 0 && IsOnlyAnAddress(uri)) return uri;
        // What stands before the @ may be a password.
        string told = text.Contains('@', StringComparison.Ordinal) ? "it has more than scheme, host and port" : $"it is '{text}'";
        complain($"{name} must be a URL such as http://127.0.0.1:50051; {told}");
        return null;
    }

    /// <summary>gRPC has no path to call under, and a credential is not sent in a URL: neither is to be left out silently.</summary>
    static bool IsOnlyAnAddress(Uri uri) => uri.UserInfo.Length == 0 && uri.PathAndQuery == "/" && uri.Fragment.Length == 0;
}
