namespace Macp.Modes;

/// <summary>What the generator makes of a mode class, and a host needs: who it is, and a handler for each session.</summary>
public interface IMode
{
    /// <summary>What the mode says of itself.</summary>
    static abstract ModeDescriptor Descriptor { get; }

    /// <summary>What policies may rule about it; null for a mode that none governs.</summary>
    static virtual ModeGovernance? Governance => null;

    /// <summary>A handler for one session, with an empty state.</summary>
    static abstract SessionHandler Open(SessionContext session);
}
