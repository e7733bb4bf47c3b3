using Macp.Modes.Generators.Models;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Macp.Modes.Generators.Reading;

/// <summary>
/// Finds the rules about the state that stay broken once they are: nothing in the mode class takes away again what they look for. Only proofs count.
/// What a property holds cannot be shown to stay where the state, or a table, leaves the class, or where a table is used in a way that is not listed.
/// </summary>
internal sealed class Permanence
{
    readonly INamedTypeSymbol _state;
    readonly ModeCode _code;

    Permanence(INamedTypeSymbol state, ModeCode code) => (_state, _code) = (state, code);

    /// <summary>The model, with what can be shown to stay.</summary>
    public static ModeModel Read(ModeModel model, INamedTypeSymbol mode, Compilation compilation, CancellationToken cancellationToken)
    {
        var state = mode.GetTypeMembers("State")[0];
        var code = ModeCode.Of(mode, compilation, cancellationToken);
        // Whoever else has the state may do anything to it; what it inherits is not looked at.
        if (state.BaseType?.SpecialType is not SpecialType.System_Object || code.HandsOn(state) || !code.All.Where(use => code.Is(use, state)).All(code.KeepsState))
            return model with { Phases = model.Phases with { MayBeSet = true } };

        var permanence = new Permanence(state, code);
        return model with
        {
            Phases = model.Phases with { MayBeSet = code.Sets("Phase", "IsCommitted") },
            Permanent = model.Messages.SelectMany(message => message.Rules).Distinct().Where(permanence.Lasts).ToEquatableArray(),
        };
    }

    bool Lasts(Rule rule) => rule switch
    {
        UniqueRule unique => Keeps(unique.Table),
        OncePerSenderRule { Key: null } once => Keeps(once.Table),
        OncePerSenderRule once => Keeps(once.Table) && KeepsInner(once.Table),
        OncePerSessionRule once => IsNeverUnset(once.Property),
        ReferenceRule { Key: null, By: { } by } reference => Keeps(reference.Table) && KeepsNaming(reference.Table, by),
        _ => false,
    };

    /// <summary>Whether a key that is in the table stays there.</summary>
    bool Keeps(string table) => Property(table) is { SetMethod: null } property && IsPlain(property) && TableUses.AreHarmless(_code, property.Type, property);

    /// <summary>Whether what is in the tables of a table stays there too; such a table is never put in the place of another.</summary>
    bool KeepsInner(string table) =>
        Property(table) is { } property && Collections.TableOf(property.Type) is { Value: { } inner } && !Elements(property).Any() && TableUses.AreHarmless(_code, inner, null);

    /// <summary>Whether each entry goes on naming whom it named first: it is only put in the place of itself, with something else changed.</summary>
    bool KeepsNaming(string table, string by) =>
        Property(table) is { } property && Collections.TableOf(property.Type) is { Value: { } entry } && IsNamedOnce(entry, by)
        && Elements(property).All(write => write is ISimpleAssignmentOperation { Target: { } target, Value: IWithOperation { Operand: { } before, Initializer.Initializers: var changes } }
            && SyntaxFactory.AreEquivalent(target.Syntax, before.Syntax) && !target.Descendants().Any(part => part is IInvocationOperation)
            && changes.All(change => change is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property: var changed } } && changed.Name != by));

    /// <summary>Whether the property is given values alone that are none of null's.</summary>
    bool IsNeverUnset(string name) => Property(name) is { } property && IsPlain(property) && _code.All.All(act =>
        !ModeCode.Written(act).Any(place => IsReference(place, property)) || act is ISimpleAssignmentOperation { Value: var value } && IsSomething(value));

    static bool IsSomething(IOperation value) => ModeCode.Unwrapped(value) switch
    {
        IObjectCreationOperation or IWithOperation => true,
        { ConstantValue: { HasValue: true, Value: not null } } => true,
        _ => false,
    };

    /// <summary>What is written to the elements of a table, of whatever property of its type.</summary>
    IEnumerable<IOperation> Elements(IPropertySymbol table) => _code.All.Where(act => ModeCode.Written(act).Any(place =>
        place is IPropertyReferenceOperation { Property.IsIndexer: true, Instance: { } instance } && _code.Is(instance, table.Type) && !TableUses.IsOther(instance, table)));

    IPropertySymbol? Property(string name) => _state.GetMembers(name).OfType<IPropertySymbol>().FirstOrDefault();

    static bool IsReference(IOperation place, IPropertySymbol property) =>
        place is IPropertyReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Property, property);

    /// <summary>Whether a property has no code of its own.</summary>
    static bool IsPlain(IPropertySymbol property) => property is { IsVirtual: false, IsOverride: false }
        && property.DeclaringSyntaxReferences.All(r => r.GetSyntax() switch
        {
            ParameterSyntax => true,
            PropertyDeclarationSyntax { ExpressionBody: null, AccessorList.Accessors: var accessors } => accessors.All(a => a is { Body: null, ExpressionBody: null }),
            _ => false,
        });

    static bool IsNamedOnce(ITypeSymbol entry, string by) =>
        entry.IsSealed && entry.GetMembers(by).OfType<IPropertySymbol>().FirstOrDefault() is { SetMethod: null or { IsInitOnly: true } } named && IsPlain(named);
}
