using System.Collections.Frozen;
using Macp.Modes;

namespace Macp.Runtime;

/// <summary>The catalog as it was when the runtime was made, by identifier and version.</summary>
sealed class HostedModes(ModeCatalog catalog)
{
    readonly FrozenDictionary<string, KernelMode[]> _modes = catalog.All
        .GroupBy(m => m.Descriptor.Identifier, StringComparer.Ordinal)
        .ToFrozenDictionary(g => g.Key, g => g.Select(m => new KernelMode(m)).ToArray(), StringComparer.Ordinal);

    public IReadOnlyList<HostedMode> All { get; } = [.. catalog.All];

    public IEnumerable<ModeDescriptor> Descriptors => All.Select(m => m.Descriptor);

    public bool Contains(string identifier) => _modes.ContainsKey(identifier);

    public KernelMode? Find(string identifier, string version) =>
        _modes.TryGetValue(identifier, out var versions) ? Array.Find(versions, m => m.Version == version) : null;
}
