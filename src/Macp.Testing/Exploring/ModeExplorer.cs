using Macp.Modes;
using Macp.Testing.Exploring;

namespace Macp.Testing;

/// <summary>
/// Explores everything that a mode can come to with a few participants, ids and values: breadth-first over its reachable states, from the generated
/// code alone. It finds what a list of examples does not: a phase that is never reached, a rule that lets nothing pass, a state that nobody can
/// commit out of.
/// </summary>
/// <example>
/// <code>
/// var found = ModeExplorer.Explore&lt;SignoffMode&gt;(new ExplorationOptions { Depth = 6 }.Trying("required_approvals", 2));
/// Assert.Empty(found.UnreachedPhases);
/// Assert.NotNull(found.ToPositiveOutcome);
/// Assert.Empty(found.DeadEnds);
/// </code>
/// </example>
public static class ModeExplorer
{
    /// <summary>Explores a mode.</summary>
    /// <param name="options">How far, and with what; null for two participants, two ids and eight messages.</param>
    /// <exception cref="ArgumentException">The mode does not start with these participants, or a value does not fit its field.</exception>
    /// <exception cref="InvalidOperationException">The mode breaks its contract: deciding a message changed the state.</exception>
    public static Exploration Explore<TMode>(ExplorationOptions? options = null)
        where TMode : IMode => Explore(new HostedMode(TMode.Descriptor, TMode.Open), options);

    /// <inheritdoc cref="Explore{TMode}"/>
    /// <param name="mode">The mode.</param>
    /// <param name="options">How far, and with what; null for two participants, two ids and eight messages.</param>
    public static Exploration Explore(HostedMode mode, ExplorationOptions? options = null) => new Walk(mode, options ?? new()).Run();

    /// <summary>The messages that an exploration tries in each state: for tests that choose among them in ways of their own.</summary>
    public static IReadOnlyList<ExploredMessage> MessagesOf(HostedMode mode, ExplorationOptions? options = null) => new Walk(mode, options ?? new()).Messages;
}
