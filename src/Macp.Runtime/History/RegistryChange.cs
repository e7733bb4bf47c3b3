using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>A change of a registry that clients asked for. Made again in their order, changes bring the registries back to where they were.</summary>
public abstract record RegistryChange
{
    /// <summary>What it is, in words for people.</summary>
    internal abstract string Description { get; }
}

/// <summary>A policy was registered (RFC-MACP-0012).</summary>
/// <param name="Policy">The policy, as it was sent.</param>
/// <param name="RegisteredAtUnixMs">When, in Unix milliseconds.</param>
public sealed record PolicyRegistered(PolicyDescriptor Policy, long RegisteredAtUnixMs) : RegistryChange
{
    internal override string Description => $"the registration of the policy '{Policy.PolicyId}'";
}

/// <summary>A policy was taken out.</summary>
/// <param name="PolicyId">The policy's id.</param>
public sealed record PolicyUnregistered(string PolicyId) : RegistryChange
{
    internal override string Description => $"taking out the policy '{PolicyId}'";
}

/// <summary>An extension mode was registered by its descriptor.</summary>
/// <param name="Descriptor">The descriptor, as it was sent.</param>
public sealed record ModeRegistered(ModeDescriptor Descriptor) : RegistryChange
{
    internal override string Description => $"the registration of the mode '{Descriptor.Mode}' {Descriptor.ModeVersion}";
}

/// <summary>An extension mode was taken out.</summary>
/// <param name="Mode">The mode's identifier.</param>
public sealed record ModeUnregistered(string Mode) : RegistryChange
{
    internal override string Description => $"taking out the mode '{Mode}'";
}

/// <summary>An extension mode was put on the standards track.</summary>
/// <param name="Mode">The identifier that it had.</param>
/// <param name="NewMode">The identifier that it has from then on; the same where it kept it.</param>
public sealed record ModePromoted(string Mode, string NewMode) : RegistryChange
{
    internal override string Description => $"the promotion of the mode '{Mode}' to '{NewMode}'";
}
