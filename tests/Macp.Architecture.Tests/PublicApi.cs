using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Macp.Architecture.Tests;

/// <summary>Writes what an assembly offers as text: one line a type, one a member, in the order of their names.</summary>
static class PublicApi
{
    const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>The types that others see. What protobuf makes of a .proto file is not listed: the .proto file lists it.</summary>
    public static IEnumerable<Type> Types(Assembly assembly) => assembly.GetExportedTypes()
        .Where(type => type.Namespace is { } ns && !ns.StartsWith("Macp.Wire", StringComparison.Ordinal))
        .OrderBy(type => type.FullName, StringComparer.Ordinal);

    /// <summary>The members of a type that others see, without what the compiler adds to a record.</summary>
    public static IEnumerable<MemberInfo> Members(Type type) => type.GetMembers(Declared)
        .Where(member => IsSeen(member, type) && !member.IsDefined(typeof(CompilerGeneratedAttribute)) && member is not Type)
        .Where(member => !(type.IsEnum && member.Name == "value__"))
        .OrderBy(member => type.IsEnum ? Convert.ToInt64(((FieldInfo)member).GetRawConstantValue(), CultureInfo.InvariantCulture) : 0)
        .ThenBy(member => member.Name, StringComparer.Ordinal).ThenBy(member => ApiText.Member(member), StringComparer.Ordinal);

    public static string Write(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in Types(assembly))
        {
            text.Append(CultureInfo.InvariantCulture, $"{ApiText.Type(type)}\n");
            if (type.BaseType != typeof(MulticastDelegate))
                foreach (var member in Members(type)) text.Append(CultureInfo.InvariantCulture, $"    {ApiText.Member(member)}\n");
        }
        return text.ToString();
    }

    static bool IsSeen(MemberInfo member, Type type) => member switch
    {
        MethodBase { IsSpecialName: true, IsConstructor: false } accessor => accessor.Name.StartsWith("op_", StringComparison.Ordinal) && accessor.IsPublic,
        MethodBase method => method.IsPublic || (IsForHeirs(method.Attributes) && !type.IsSealed),
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(accessor => accessor.IsPublic || (IsForHeirs(accessor.Attributes) && !type.IsSealed)),
        FieldInfo field => field.IsPublic,
        EventInfo happening => happening.AddMethod!.IsPublic,
        _ => false,
    };

    static bool IsForHeirs(MethodAttributes attributes) => (attributes & MethodAttributes.MemberAccessMask) is MethodAttributes.Family or MethodAttributes.FamORAssem;
}
