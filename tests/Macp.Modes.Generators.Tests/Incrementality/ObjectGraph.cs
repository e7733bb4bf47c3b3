using System.Reflection;
using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Tests.Incrementality;

/// <summary>Walks everything that a value holds, private fields and collections included.</summary>
internal static class ObjectGraph
{
    /// <summary>The paths to whatever belongs to a compilation. Asked with <c>is</c>: no object's exact type is ISymbol.</summary>
    public static IReadOnlyList<string> Impurities(object? root)
    {
        var found = new List<string>();
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var open = new Stack<(object? Value, string Path)>([(root, root?.GetType().Name ?? "null")]);
        while (open.TryPop(out var at))
        {
            if (at.Value is null or string || at.Value.GetType().IsPrimitive || at.Value.GetType().IsEnum || !seen.Add(at.Value)) continue;
            if (at.Value is ISymbol or Compilation or SyntaxNode or SyntaxTree or SemanticModel or Location or AttributeData or SyntaxReference or MetadataReference)
                found.Add($"{at.Path} is a {at.Value.GetType().Name}");
            else if (at.Value is Delegate { Target: null } or Type or MemberInfo) continue;
            else
                foreach (var part in Parts(at.Value)) open.Push((part.Value, $"{at.Path}.{part.Name}"));
        }
        return found;
    }

    static IEnumerable<(string Name, object? Value)> Parts(object value)
    {
        if (value is Array items)
            foreach (object? item in items) yield return ("[]", item);
        for (var type = value.GetType(); type is not null && type != typeof(object); type = type.BaseType)
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                if (!field.FieldType.IsPointer && !field.FieldType.IsByRefLike) yield return (field.Name, field.GetValue(value));
    }
}
