using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>Which session, under which versions, by whose credential.</summary>
public sealed record SessionOptions
{
    /// <summary>The session's id, to join one; a new UUID when null, to start one.</summary>
    public string? SessionId { get; init; }

    /// <summary>The mode version to bind; the mode's own when null.</summary>
    public string? ModeVersion { get; init; }

    /// <summary>The configuration version to bind.</summary>
    public string ConfigurationVersion { get; init; } = MacpProtocol.DefaultConfigurationVersion;

    /// <summary>
    /// The id of the policy to bind: that of <see cref="Policy"/> unless it is set. Empty for whatever the runtime's default is, and in a commitment for
    /// whatever is bound.
    /// </summary>
    public string PolicyVersion
    {
        get => field ?? Policy?.PolicyId ?? MacpProtocol.DefaultPolicyVersion;
        init;
    }

    /// <summary>The policy to bind, where it is known; saves asking the runtime what its id means.</summary>
    public PolicyDescriptor? Policy { get; init; }

    /// <summary>The credential of the session's calls that bring none; the client's when null.</summary>
    public MacpAuth? Auth { get; init; }
}
