namespace Macp.Modes;

/// <summary>
/// This field names an entry of the state: a key of a table, or the key of a single entry. Breach: <c>INVALID_ENVELOPE</c>; a sender other than
/// the one <see cref="By"/> asks for: <c>FORBIDDEN</c>.
/// </summary>
/// <param name="field">A payload field, by <c>nameof</c>.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class ReferencesAttribute(string field) : Attribute
{
    /// <summary>The field.</summary>
    public string Field { get; } = field;

    /// <summary>
    /// The property of the state that is looked in, by <c>nameof</c>: a dictionary keyed by text, or a single entry that may be null and has a
    /// property of the field's name.
    /// </summary>
    public required string In { get; init; }

    /// <summary>A property of the entry that must be true, by <c>nameof</c>; none when not said.</summary>
    public string? Where { get; init; }

    /// <summary>
    /// Who may send this message, by <c>nameof</c>: a property of the entry that names its author, target or assignee; or, where one name does not
    /// say it, a static method of the mode that returns <c>bool</c> and takes, in any order, the state, a <see cref="MessageContext"/>, the
    /// <see cref="SessionContext"/> and the rules, as it wants them.
    /// </summary>
    public string? By { get; init; }
}

/// <summary>This field must not be a key of the table yet. Breach: <c>INVALID_ENVELOPE</c>.</summary>
/// <param name="field">A payload field, by <c>nameof</c>.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class UniqueAttribute(string field) : Attribute
{
    /// <summary>The field.</summary>
    public string Field { get; } = field;

    /// <summary>The state's table, by <c>nameof</c>: a dictionary keyed by text.</summary>
    public required string In { get; init; }
}

/// <summary>This message is accepted once a session. Breach: <c>INVALID_ENVELOPE</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OncePerSessionAttribute : Attribute
{
    /// <summary>The property of the state that tells, by <c>nameof</c>: it is null until then.</summary>
    public required string In { get; init; }
}

/// <summary>This message is accepted once a sender, or once a sender and key. The first stands. Breach: <c>INVALID_ENVELOPE</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OncePerSenderAttribute : Attribute
{
    /// <summary>
    /// The table that tells, by <c>nameof</c>: a dictionary or set of senders, or with <see cref="Key"/> a dictionary of those.
    /// </summary>
    public required string In { get; init; }

    /// <summary>The payload field that is the outer key, by <c>nameof</c>; none when not said.</summary>
    public string? Key { get; init; }

    /// <summary>What a projection calls it when a history holds a second one; <c>duplicate_answer</c> when not said.</summary>
    public string? Anomaly { get; init; }
}
