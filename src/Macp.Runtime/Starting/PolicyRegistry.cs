using Macp.Modes;
using Macp.Protocol;

namespace Macp.Runtime;

/// <summary>Which policy a start binds (RFC-MACP-0012). There is one: the default, which governs any mode.</summary>
sealed class PolicyRegistry
{
    static readonly PolicyBinding Default = new(MacpProtocol.DefaultPolicyVersion);

    /// <summary>Resolves the policy that a start names; an empty name is the default's.</summary>
    public Rejection? Resolve(string policyVersion, out PolicyBinding policy)
    {
        policy = Default;
        return policyVersion is "" or MacpProtocol.DefaultPolicyVersion
            ? null
            : new(ErrorCode.UnknownPolicyVersion, $"no policy '{policyVersion}' is registered");
    }
}
