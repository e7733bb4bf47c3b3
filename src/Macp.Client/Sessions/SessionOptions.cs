using Macp.Protocol;

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

    /// <summary>The policy to bind; empty for whatever the runtime's default is, and in a commitment for whatever is bound.</summary>
    public string PolicyVersion { get; init; } = MacpProtocol.DefaultPolicyVersion;

    /// <summary>The credential of the session's calls that bring none; the client's when null.</summary>
    public MacpAuth? Auth { get; init; }
}
