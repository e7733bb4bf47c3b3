namespace Macp.Modes;

/// <summary>
/// A rule that no attribute can say, on a static method that returns a <see cref="Rejection"/> or null and takes, in any order, the state, the
/// payload, a <see cref="MessageContext"/>, the <see cref="SessionContext"/> and the rules, as it wants them. Guards run in the order of
/// their declaration, after every declared rule.
/// </summary>
/// <param name="types">The message types it guards. With several, it takes no payload, or all have the same.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GuardAttribute(params string[] types) : Attribute
{
    /// <summary>The message types.</summary>
    public string[] Types { get; } = types;

    /// <summary>
    /// What a projection calls it when a history holds a message that this guard refuses; when not said, it does not look. Such a guard takes no rules:
    /// a client need not know them.
    /// </summary>
    public string? Anomaly { get; init; }

    /// <summary>What must hold, for reference pages: "required_approvals is at least 1". The method's name in words when not said.</summary>
    public string? Says { get; init; }
}

/// <summary>
/// The commitment rule: whether the session may be bound now, and to this sign. On a static method that returns a <see cref="Rejection"/> or null
/// and takes, in any order, the state, a <c>bool</c> that is true for a positive outcome, the <see cref="SessionContext"/> and the rules, as
/// it wants them. Who may commit, the fields, the versions and the action's sign have been checked before it.
/// </summary>
/// <typeparam name="TPhase">The mode's nested <c>Phase</c>.</typeparam>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CommitmentAttribute<TPhase> : Attribute
    where TPhase : struct, Enum
{
    /// <summary>The phase of a committed session. No message leads there, and none leads away.</summary>
    public required TPhase MovesTo { get; init; }

    /// <summary>What must hold for a positive outcome, for reference pages; the method's name in words when not said.</summary>
    public string? Positive { get; init; }

    /// <summary>What must hold for a negative outcome, for reference pages; what holds for a positive one when not said.</summary>
    public string? Negative { get; init; }

    /// <summary>
    /// The phases in which a positive outcome can be eligible, for reference pages; all of them when not said. The rule decides, not this.
    /// </summary>
    public TPhase[] PositiveDuring { get; init; } = [];

    /// <summary>
    /// The phases in which a negative outcome can be eligible, for reference pages; those of a positive one when not said. The rule decides, not this.
    /// </summary>
    public TPhase[] NegativeDuring { get; init; } = [];
}

/// <summary>
/// A rule about who and what a session may start with, beyond those of every mode, on a static method that returns a <see cref="Rejection"/> or
/// null and takes the <see cref="SessionContext"/> and, if it wants them, the rules.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StartRuleAttribute : Attribute
{
    /// <summary>What must hold, for reference pages; the method's name in words when not said.</summary>
    public string? Says { get; init; }
}

/// <summary>
/// Computes the phase from the state, on a static method that returns <c>Phase</c> and takes, in any order, the state, the
/// <see cref="SessionContext"/> and the rules, as it wants them. Asked only when a rule or a reader needs the phase; no message then says
/// <c>MovesTo</c>. After the commitment it is not asked any more.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ComputedPhaseAttribute : Attribute;

/// <summary>
/// Reads a payload of an older form, on a static method that takes a <c>ReadOnlySpan&lt;byte&gt;</c> and returns the payload or null. Bytes that
/// are exactly the canonical protobuf form of their own value are protobuf and never come here. An empty payload does, and is refused where the
/// answer is null.
/// </summary>
/// <param name="type">The message type.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LegacyPayloadAttribute(string type) : Attribute
{
    /// <summary>The message type.</summary>
    public string Type { get; } = type;
}

/// <summary>
/// A message that the runtime appends by itself some time after another was accepted, unless it would be refused by then. On a static method
/// that returns <see cref="DueMessage"/> or null and takes, in any order, the state, the payload, a <see cref="MessageContext"/>, the
/// <see cref="SessionContext"/> and the rules, as it wants them. Time under suspension does not count.
/// </summary>
/// <param name="after">The message type whose acceptance sets the clock.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ComesDueAttribute(string after) : Attribute
{
    /// <summary>The message type whose acceptance sets the clock.</summary>
    public string After { get; } = after;

    /// <summary>What comes due and when, for reference pages; the method's name in words when not said.</summary>
    public string? Says { get; init; }
}
