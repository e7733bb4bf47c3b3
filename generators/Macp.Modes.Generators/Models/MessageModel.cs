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
    string? Legacy)
{
    /// <summary>The rules of one kind, in their order.</summary>
    public IEnumerable<TRule> All<TRule>()
        where TRule : Rule => Rules.OfType<TRule>();
}

/// <summary>A protobuf message type and its fields.</summary>
internal sealed record PayloadModel(string Type, EquatableArray<FieldModel> Fields);

/// <summary>One field of a payload, by the name of its C# property.</summary>
internal sealed record FieldModel(string Name, FieldKind Kind, string Type)
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
