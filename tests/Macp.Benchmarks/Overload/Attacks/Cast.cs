namespace Macp.Benchmarks.Overload.Attacks;

/// <summary>Who there is; a token is its sender's name.</summary>
static class Cast
{
    /// <summary>Who sends far too much; whose streams are not read; who writes a byte at a time; and a token that nobody has.</summary>
    public const string Flooder = "flooder", Reader = "reader", Writer = "writer", Nobody = "nobody";

    /// <summary>Whoever keeps to the limits.</summary>
    public static string[] Victims { get; } = [.. Enumerable.Range(0, 100).Select(static i => $"v{i}")];

    /// <summary>As <c>MACP_AUTH_TOKENS_JSON</c> has it.</summary>
    public static string Tokens { get; } =
        $"[{string.Join(",", Victims.Concat([Flooder, Reader, Writer]).Select(static name => $$"""{"token":"{{name}}","sender":"{{name}}"}"""))}]";
}
