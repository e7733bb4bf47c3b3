namespace Macp.Modes;

/// <summary>These text fields must not be blank. Breach: <c>INVALID_ENVELOPE</c>.</summary>
/// <param name="fields">Payload fields, by <c>nameof</c>.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class RequiredAttribute(params string[] fields) : Attribute
{
    /// <summary>The fields.</summary>
    public string[] Fields { get; } = fields;
}

/// <summary>
/// This text field takes one of a set of values, compared after ASCII case folding. Reducers see the folded value and clients send it; history
/// keeps the bytes as they came. Breach: <c>INVALID_ENVELOPE</c>.
/// </summary>
/// <param name="field">A payload field, by <c>nameof</c>.</param>
/// <param name="values">The values, all upper case or all lower case: that is what input is folded to.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class OneOfAttribute(string field, params string[] values) : Attribute
{
    /// <summary>The field.</summary>
    public string Field { get; } = field;

    /// <summary>The values.</summary>
    public string[] Values { get; } = values;

    /// <summary>What an empty field means; without it an empty field is refused.</summary>
    public string? Default { get; init; }
}

/// <summary>This number lies between two bounds, both included. Breach: <c>INVALID_ENVELOPE</c>.</summary>
/// <param name="field">A payload field, by <c>nameof</c>.</param>
/// <param name="least">The least value.</param>
/// <param name="most">The greatest value.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class InRangeAttribute(string field, double least, double most) : Attribute
{
    /// <summary>The field.</summary>
    public string Field { get; } = field;

    /// <summary>The least value.</summary>
    public double Least { get; } = least;

    /// <summary>The greatest value.</summary>
    public double Most { get; } = most;
}

/// <summary>This field is set by the runtime alone: a client that sets it is refused with <c>INVALID_ENVELOPE</c>.</summary>
/// <param name="field">A payload field, by <c>nameof</c>.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class ReservedAttribute(string field) : Attribute
{
    /// <summary>The field.</summary>
    public string Field { get; } = field;
}

/// <summary>This text field is empty or names the sender, and is what clients send unless told otherwise. Breach: <c>INVALID_ENVELOPE</c>.</summary>
/// <param name="field">A payload field, by <c>nameof</c>.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class NamesSenderAttribute(string field) : Attribute
{
    /// <summary>The field.</summary>
    public string Field { get; } = field;
}

/// <summary>This text field names a declared participant. Breach: <c>INVALID_ENVELOPE</c>.</summary>
/// <param name="field">A payload field, by <c>nameof</c>.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class NamesParticipantAttribute(string field) : Attribute
{
    /// <summary>The field.</summary>
    public string Field { get; } = field;

    /// <summary>Whether it must name somebody other than the sender.</summary>
    public bool NotSender { get; init; }

    /// <summary>Whether it may be empty.</summary>
    public bool Optional { get; init; }
}
