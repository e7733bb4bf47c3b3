namespace Macp.Protocol;

/// <summary>The protocol's fixed values.</summary>
public static class MacpProtocol
{
    /// <summary>The protocol version that every envelope carries (RFC-MACP-0001 section 6).</summary>
    public const string Version = "1.0";

    /// <summary>The longest time to live of a session, in milliseconds: a day.</summary>
    public const long MaxTtlMs = 86_400_000;

    /// <summary>The most participants a session may declare.</summary>
    public const int MaxParticipants = 1000;

    /// <summary>How long a session may be suspended in all when its start does not say, in milliseconds: seven days.</summary>
    public const long DefaultMaxSuspendMs = 604_800_000;

    /// <summary>The largest payload a runtime accepts unless it is configured otherwise, in bytes: 1 MiB.</summary>
    public const int DefaultMaxPayloadBytes = 1_048_576;

    /// <summary>The mode version that clients bind when they are not told.</summary>
    public const string DefaultModeVersion = "1.0.0";

    /// <summary>The configuration version that clients bind when they are not told.</summary>
    public const string DefaultConfigurationVersion = "config.default";

    /// <summary>The policy that an empty <c>policy_version</c> resolves to.</summary>
    public const string DefaultPolicyVersion = "policy.default";

    /// <summary>The metadata by which a subscriber asks for annotations, with the value <c>1</c>; others see accepted messages only.</summary>
    public const string AnnotationsHeader = "macp-annotations";

    /// <summary>The metadata by which a list of sessions is asked to hold those that have ended too, with the value <c>1</c> (decisions 22).</summary>
    public const string FinishedSessionsHeader = "macp-include-finished";

    /// <summary>Message ids that begin so belong to the runtime (RFC-MACP-0010 section 5.1).</summary>
    public const string ImplicitAcceptPrefix = "implicit-accept:";
}
