using Macp.Runtime;

namespace Macp.Server.Authentication;

/// <summary>Whose a token is, or what is wrong with it, for the log: one of the two is null.</summary>
readonly record struct TokenVerdict(Identity? Identity, string? Fault)
{
    public static TokenVerdict Taken(Identity identity) => new(identity, null);

    public static TokenVerdict Refused(string fault) => new(null, fault);
}
