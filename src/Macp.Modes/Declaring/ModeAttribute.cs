namespace Macp.Modes;

/// <summary>
/// Declares a coordination mode: a top-level <c>sealed partial class</c> whose name ends in <c>Mode</c>, with a nested enum <c>Phase</c>, a
/// nested <c>sealed partial class State</c>, one static method a message and one commitment rule. The generator makes the rest of it.
/// </summary>
/// <param name="identifier"><c>macp.mode.&lt;name&gt;.v&lt;n&gt;</c>, <c>ext.&lt;name&gt;.v&lt;n&gt;</c>, or a reverse domain, <c>&lt;tld&gt;.&lt;org&gt;.&lt;name&gt;.v&lt;n&gt;</c>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ModeAttribute(string identifier) : Attribute
{
    /// <summary>The mode's identifier on the wire.</summary>
    public string Identifier { get; } = identifier;

    /// <summary>The mode's semantic version; sessions bind it exactly.</summary>
    public string Version { get; init; } = "1.0.0";

    /// <summary>A name for people.</summary>
    public string Title { get; init; } = "";

    /// <summary>One sentence on what the mode is for.</summary>
    public string Description { get; init; } = "";

    /// <summary>How participants relate (RFC-MACP-0002).</summary>
    public ParticipantModel Participants { get; init; } = ParticipantModel.Declared;

    /// <summary>What replay of the history guarantees (RFC-MACP-0002).</summary>
    public DeterminismClass Determinism { get; init; } = DeterminismClass.SemanticDeterministic;

    /// <summary>The fewest participants a session may start with.</summary>
    public int MinimumParticipants { get; init; } = 1;

    /// <summary>The type of the governance rules that guards, reducers, rules and queries may take; it implements <see cref="IModeRules{TSelf}"/>.</summary>
    public Type? Rules { get; init; }
}

/// <summary>How the participants of a mode relate to one another.</summary>
public enum ParticipantModel
{
    /// <summary>A declared list.</summary>
    Declared,

    /// <summary>Equals.</summary>
    Peer,

    /// <summary>One directs the others.</summary>
    Orchestrated,

    /// <summary>Responsibility passes from one to another.</summary>
    Delegated,

    /// <summary>A number of them suffices.</summary>
    Quorum,
}

/// <summary>What a replay of accepted history guarantees.</summary>
public enum DeterminismClass
{
    /// <summary>The same history gives the same state and the same outcome.</summary>
    SemanticDeterministic,

    /// <summary>The same history gives the same structure; what the messages say happened elsewhere.</summary>
    StructuralOnly,

    /// <summary>The outcome follows from the history and a context that was frozen with it.</summary>
    ContextFrozen,
}
