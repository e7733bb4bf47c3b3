namespace Macp.Client;

/// <summary>A token as it was fetched. Printed without its value.</summary>
/// <param name="Value">The token, which travels as <c>authorization: Bearer ...</c>.</param>
/// <param name="ExpiresAt">Until when it is good; null when that is not known, and it is used until the runtime refuses it.</param>
public sealed record MacpToken(string Value, DateTimeOffset? ExpiresAt = null)
{
    /// <summary>The token without its secret.</summary>
    public override string ToString() => $"MacpToken {{ Value = ***, ExpiresAt = {ExpiresAt:u} }}";
}
