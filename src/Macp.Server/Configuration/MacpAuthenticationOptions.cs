namespace Macp.Server;

/// <summary>How callers prove who they are. With neither tokens nor JWTs, nothing is configured.</summary>
public sealed record MacpAuthenticationOptions
{
    /// <summary>
    /// Bearer tokens and whose they are, as JSON: an array of objects, or an object with such an array as <c>tokens</c>. Counts before
    /// <see cref="TokensFile"/>. Null for none.
    /// </summary>
    public string? TokensJson { get; init; }

    /// <summary>A file with the same JSON; read once, when the server starts. Null for none.</summary>
    public string? TokensFile { get; init; }

    /// <summary>Whose JWTs are taken; null for nobody's. A token of their shape is theirs to judge, and is not looked for among the tokens above.</summary>
    public MacpJwtOptions? Jwt { get; init; }

    internal bool IsConfigured => TokensJson is not null || TokensFile is not null || Jwt is not null;

    /// <summary>The options without the tokens in them.</summary>
    public override string ToString() =>
        $"{nameof(MacpAuthenticationOptions)} {{ TokensJson = {(TokensJson is null ? "" : "***")}, TokensFile = {TokensFile}, Jwt = {Jwt} }}";
}
