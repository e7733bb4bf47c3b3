using System.Collections.Immutable;

namespace Macp.Runtime;

/// <summary>What is hosted under one identifier, and how it came to be.</summary>
/// <param name="Versions">The versions, the newest first. There is at least one.</param>
/// <param name="IsBuiltIn">Whether it was compiled in: it stays.</param>
/// <param name="IsStandard">Whether it is on the standards track, from the start or by promotion.</param>
sealed record ModeFamily(ImmutableArray<KernelMode> Versions, bool IsBuiltIn, bool IsStandard)
{
    public string Identifier => Versions[0].Identifier;

    /// <summary>Whether a start must name versions and participants (runtime-semantics 1.6). What was registered and not promoted asks for less.</summary>
    public bool IsStrict => IsBuiltIn || IsStandard;

    /// <summary>The mode that a start binds; null when the version is not hosted. Where it need not be named, an empty one stands for what there is.</summary>
    public KernelMode? Find(string version) =>
        version.Length == 0 && !IsStrict ? Versions[0] : Versions.FirstOrDefault(mode => mode.Version == version);

    /// <summary>The same modes under another identifier.</summary>
    public ModeFamily Named(string identifier) => this with { Versions = [.. Versions.Select(mode => mode.Named(identifier))] };

    /// <summary>Says to the sessions of these modes whether they may go on.</summary>
    public void Host(bool isHosted)
    {
        foreach (var mode in Versions) mode.IsHosted = isHosted;
    }
}
