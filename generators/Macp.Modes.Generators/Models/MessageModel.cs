namespace Macp.Modes.Generators.Models;

/// <summary>One message type: its reducer, and every rule about it.</summary>
internal sealed record MessageModel(
    string Type,
    MethodModel Reducer,
    PayloadModel Payload,
    bool FromInitiator,
    EquatableArray<string> During,
    string? MovesTo,
    string Client,
    EquatableArray<Rule> Rules,
    EquatableArray<MethodModel> Guards,
    EquatableArray<MethodModel> Dues,
    string? Legacy,
    string? Anomaly,
    EquatableArray<AnomalyModel> Anomalies,
    EquatableArray<LeadModel> Leads = default)
{
    /// <summary>The rules of one kind, in their order.</summary>
    public IEnumerable<TRule> All<TRule>()
        where TRule : Rule => Rules.OfType<TRule>();
}

/// <summary>A guard whose breach in a history has a name.</summary>
internal sealed record AnomalyModel(MethodModel Guard, string Kind);

/// <summary>What may follow the message where it is sent in a phase of a mode that computes its phase.</summary>
internal sealed record LeadModel(string From, EquatableArray<string> To);

/// <summary>A protobuf message type and its fields.</summary>
/// <param name="Type">As C# writes it, <c>global::</c> included.</param>
/// <param name="Accessibility">What a member of the mode that takes it may be at most: <c>public</c> or <c>internal</c>.</param>
/// <param name="Fields">The fields.</param>
internal sealed record PayloadModel(string Type, string Accessibility, EquatableArray<FieldModel> Fields);

/// <summary>One field of a payload, by the name of its C# property.</summary>
/// <param name="Name">The property.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Type">As C# writes it; of a repeated field or a map, its arguments.</param>
/// <param name="HasPresence">Whether unset and empty differ: an optional field, or one of several.</param>
internal sealed record FieldModel(string Name, FieldKind Kind, string Type, bool HasPresence = false)
{
    /// <summary>The field's name on the wire.</summary>
    public string WireName => Reading.Names.Snake(Name);
}

internal enum FieldKind
{
    Text,
    Bytes,
    Flag,
    Integer,
    Number,
    Enumeration,
    Message,
    Repeated,
    Map,
}
