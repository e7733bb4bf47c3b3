namespace Macp.Modes;

/// <summary>The modes of a host, by identifier and version. Filled once at start, by name: nothing is scanned.</summary>
public sealed class ModeCatalog
{
    readonly List<HostedMode> _modes = [];

    /// <summary>Everything that is hosted, in the order in which it was added.</summary>
    public IReadOnlyList<HostedMode> All => _modes;

    /// <summary>Adds a mode. Several versions of one may be hosted at once.</summary>
    /// <exception cref="InvalidOperationException">This version of it is there already.</exception>
    public ModeCatalog Add<TMode>()
        where TMode : IMode => Add(new HostedMode(TMode.Descriptor, TMode.Open, TMode.Governance));

    /// <summary>Adds a mode that another catalog holds.</summary>
    /// <param name="mode">The mode.</param>
    /// <exception cref="InvalidOperationException">This version of it is there already.</exception>
    public ModeCatalog Add(HostedMode mode)
    {
        if (Find(mode.Descriptor.Identifier, mode.Descriptor.Version) is not null)
            throw new InvalidOperationException($"{mode.Descriptor.Identifier} {mode.Descriptor.Version} is hosted already; remove one of the two Add calls.");
        _modes.Add(mode);
        return this;
    }

    /// <summary>The mode of this identifier and version, or null.</summary>
    public HostedMode? Find(string identifier, string version) =>
        _modes.Find(m => m.Descriptor.Identifier == identifier && m.Descriptor.Version == version);

    /// <summary>The versions of the mode of this identifier, the newest first, whatever order they were added in.</summary>
    public IEnumerable<HostedMode> Versions(string identifier) =>
        _modes.Where(m => m.Descriptor.Identifier == identifier).OrderByDescending(m => m.Descriptor.Version, VersionOrder);

    /// <summary>The newest version of the mode of this identifier; null when none is hosted.</summary>
    public HostedMode? Newest(string identifier) => Versions(identifier).FirstOrDefault();

    // Number by number. A number is as long as its author likes, so its digits are compared: more of them is more.
    static readonly Comparer<string> VersionOrder = Comparer<string>.Create(static (left, right) =>
    {
        foreach (var (a, b) in left.Split('.').Zip(right.Split('.')))
        {
            int order = a.Length == b.Length ? string.CompareOrdinal(a, b) : a.Length.CompareTo(b.Length);
            if (order != 0) return order;
        }
        return 0;
    });
}

/// <summary>A mode as a host holds it.</summary>
/// <param name="Descriptor">What it says of itself.</param>
/// <param name="Open">Makes a handler for one session.</param>
/// <param name="Governance">What policies may rule about it; null for a mode that none governs.</param>
public sealed record HostedMode(ModeDescriptor Descriptor, Func<SessionContext, SessionHandler> Open, ModeGovernance? Governance = null);
