namespace Macp.Modes.Generators.Models;

/// <summary>The shape of a state: its properties, and the members of every type of the author's that they hold.</summary>
internal sealed record StateModel(EquatableArray<MemberModel> Members, EquatableArray<RecordModel> Records);

/// <summary>A type of the author's that a state holds.</summary>
internal sealed record RecordModel(string Type, string Name, EquatableArray<MemberModel> Members);

/// <summary>A property of a state, or of a type that it holds.</summary>
internal sealed record MemberModel(string Name, TypeModel Type, bool IsPublic)
{
    /// <summary>Its key in canonical JSON.</summary>
    public string Key => Reading.Names.Snake(Name);
}

/// <summary>A type that the generator can compare, copy and write.</summary>
/// <param name="Name">As C# writes it, <c>global::</c> included.</param>
internal abstract record TypeModel(string Name);

internal sealed record ScalarType(string Name, ScalarKind Kind, bool Nullable) : TypeModel(Name);

internal sealed record ListType(string Name, TypeModel Item) : TypeModel(Name);

internal sealed record SetType(string Name, TypeModel Item) : TypeModel(Name);

internal sealed record TableType(string Name, TypeModel Key, TypeModel Value) : TypeModel(Name);

/// <param name="Short">What methods about it are named after.</param>
internal sealed record RecordType(string Name, string Short, bool Nullable) : TypeModel(Name);

/// <summary>What a query may return besides: handed on as it is.</summary>
internal sealed record OtherType(string Name) : TypeModel(Name);

internal enum ScalarKind
{
    Text,
    Bytes,
    Flag,
    Signed,
    Unsigned,
    Number,
    Enumeration,
}
