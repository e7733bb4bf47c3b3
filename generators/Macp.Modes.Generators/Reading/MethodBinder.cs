using Macp.Modes.Generators.Models;
using Macp.Modes.Generators.Rules;
using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Reading;

/// <summary>Finds out what a method of the author's wants to be called with: parameters are bound by their type, in any order.</summary>
internal static class MethodBinder
{
    /// <summary>The binding, or null after a finding.</summary>
    /// <param name="mode">The mode.</param>
    /// <param name="method">The method.</param>
    /// <param name="shape">What the method must be, for the message: "a static method that ...".</param>
    /// <param name="returns">Whether the return type is right.</param>
    /// <param name="payload">The payload's type, where there is one.</param>
    /// <param name="allowed">What can be supplied here.</param>
    public static MethodModel? Bind(ModeDeclaration mode, IMethodSymbol method, string shape, Func<ITypeSymbol, bool> returns, ITypeSymbol? payload, params Argument[] allowed)
    {
        if (!method.IsStatic || method.IsGenericMethod || !returns(method.ReturnType))
            return Refuse(mode, method, shape, !method.IsStatic ? "It is not static" : method.IsGenericMethod ? "It is generic" : $"It returns {method.ReturnType.ToDisplayString()}");

        var arguments = new List<Argument>();
        foreach (var parameter in method.Parameters)
        {
            if (Argument(mode, parameter.Type, payload) is not { } argument || !allowed.Contains(argument) || parameter.RefKind is not (RefKind.None or RefKind.In))
                return Refuse(mode, method, shape, $"'{parameter.Type.ToDisplayString()} {parameter.Name}' cannot be supplied: take {List(allowed)}");
            arguments.Add(argument);
        }
        return new(method.Name, arguments.ToEquatableArray());
    }

    /// <summary>The method with what its attribute says of it in words, or else with its name in words.</summary>
    public static MethodModel Saying(this MethodModel model, IMethodSymbol method, string word, string argument = "Says") =>
        model with { Says = method.Find(word)?.NamedText(argument) is { Length: > 0 } text ? text : Names.Words(method.Name) };

    /// <summary>What a parameter of this type is given.</summary>
    public static Argument? Argument(ModeDeclaration mode, ITypeSymbol type, ITypeSymbol? payload) =>
        Is(type, mode.State) ? Models.Argument.State
        : Is(type, payload) ? Models.Argument.Payload
        : Is(type, mode.RulesType) ? Models.Argument.Rules
        : type.SpecialType == SpecialType.System_Boolean ? Models.Argument.Positive
        : IsVocabulary(type, "MessageContext") ? Models.Argument.Message
        : IsVocabulary(type, "SessionContext") ? Models.Argument.Session
        : null;

    public static bool IsVocabulary(ITypeSymbol type, string name) =>
        type is INamedTypeSymbol { ContainingNamespace: { Name: "Modes", ContainingNamespace: { Name: "Macp", ContainingNamespace.IsGlobalNamespace: true } } } named && named.Name == name;

    public static bool ReturnsRejection(ITypeSymbol type) => IsVocabulary(type, "Rejection");

    static bool Is(ITypeSymbol type, ITypeSymbol? other) => other is not null && SymbolEqualityComparer.Default.Equals(type, other);

    static MethodModel? Refuse(ModeDeclaration mode, IMethodSymbol method, string shape, string why)
    {
        mode.Findings.Add(ModeRules.WrongSignature, method, method.Name, shape, why);
        return null;
    }

    static string List(Argument[] allowed) => string.Join(", ", allowed.Select(a => a switch
    {
        Models.Argument.State => "State",
        Models.Argument.Payload => "the payload",
        Models.Argument.Message => "MessageContext",
        Models.Argument.Session => "SessionContext",
        Models.Argument.Rules => "the mode's rules",
        _ => "bool",
    }));
}
