using System.Reflection;

namespace Macp.Architecture.Tests;

/// <summary>Types and members as one would declare them.</summary>
static class ApiText
{
    static readonly NullabilityInfoContext Nullability = new();

    static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(int)] = "int", [typeof(uint)] = "uint", [typeof(long)] = "long", [typeof(ulong)] = "ulong",
        [typeof(double)] = "double", [typeof(string)] = "string", [typeof(object)] = "object", [typeof(void)] = "void", [typeof(char)] = "char", [typeof(float)] = "float",
    };

    public static string Type(Type type)
    {
        bool isRecord = type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly) is not null;
        string kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => type.IsDefined(typeof(System.Runtime.CompilerServices.IsReadOnlyAttribute), false) ? "readonly struct" : "struct",
            { BaseType: var b } when b == typeof(MulticastDelegate) => "delegate",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        if (isRecord) kind = type.IsValueType ? kind.Replace("struct", "record struct", StringComparison.Ordinal) : kind.Replace("class", "record", StringComparison.Ordinal);
        var bases = new[] { type.BaseType }.OfType<Type>().Where(b => b != typeof(object) && b != typeof(ValueType) && b != typeof(Enum) && b != typeof(MulticastDelegate))
            .Concat(type.GetInterfaces().Except(type.BaseType?.GetInterfaces() ?? []).Where(i => (i.IsPublic || i.IsNestedPublic) && !(isRecord && i == typeof(IEquatable<>).MakeGenericType(type.IsGenericTypeDefinition ? typeof(object) : type))).OrderBy(i => i.FullName, StringComparer.Ordinal))
            .Where(_ => !type.IsEnum && type.BaseType != typeof(MulticastDelegate)).Select(b => Name(b)).ToList();
        string signature = type.BaseType == typeof(MulticastDelegate) ? $" = {Member(type.GetMethod("Invoke")!)}" : "";
        return $"{kind} {type.Namespace}.{Name(type)}{(bases.Count > 0 ? " : " + string.Join(", ", bases) : "")}{signature}";
    }

    public static string Member(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $"{Access(constructor)}new({Parameters(constructor)})",
        MethodInfo method => $"{Access(method)}{Modifiers(method)}{Name(method.ReturnType, Nullability.Create(method.ReturnParameter))} {method.Name}{Arguments(method)}({Parameters(method)})",
        PropertyInfo property => Property(property),
        FieldInfo field => field.DeclaringType!.IsEnum ? $"{field.Name} = {Convert.ToInt64(field.GetRawConstantValue(), null)}" : $"{(field.IsLiteral ? "const " : field.IsStatic ? "static readonly " : "")}{Name(field.FieldType, Nullability.Create(field))} {field.Name}{(field.IsLiteral ? $" = {field.GetRawConstantValue()}" : "")}",
        EventInfo happening => $"event {Name(happening.EventHandlerType!, Nullability.Create(happening))} {happening.Name}",
        _ => throw new NotSupportedException($"{member}"),
    };

    static string Property(PropertyInfo property)
    {
        var shown = property.GetMethod ?? property.SetMethod!;
        var index = property.GetIndexParameters();
        string name = index.Length == 0 ? property.Name : $"this[{string.Join(", ", index.Select(Parameter))}]";
        string set = property.SetMethod is not { IsPrivate: false, IsAssembly: false } setter ? ""
            : setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit)) ? " init;" : " set;";
        string required = property.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute)) ? "required " : "";
        return $"{Access(shown)}{Modifiers(shown)}{required}{Name(property.PropertyType, Nullability.Create(property))} {name} {{ get;{set} }}";
    }

    static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    static string Modifiers(MethodInfo method) =>
        method.DeclaringType!.IsInterface && !method.IsStatic ? ""
        : $"{(method.IsStatic ? "static " : "")}{(method.IsAbstract ? "abstract " : method.IsVirtual && !method.IsFinal ? method.GetBaseDefinition() != method ? "override " : "virtual " : "")}";

    static string Arguments(MethodInfo method) => method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "";

    static string Parameters(MethodBase method) =>
        (method.IsDefined(typeof(System.Runtime.CompilerServices.ExtensionAttribute), false) ? "this " : "") + string.Join(", ", method.GetParameters().Select(Parameter));

    static string Parameter(ParameterInfo parameter)
    {
        string list = parameter.IsDefined(typeof(ParamArrayAttribute), false) ? "params " : "";
        string by = !parameter.ParameterType.IsByRef ? "" : parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref ";
        string otherwise = !parameter.HasDefaultValue ? "" : $" = {parameter.DefaultValue switch { null => parameter.ParameterType.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) is null ? "default" : "null", string text => $"\"{text}\"", bool flag => flag ? "true" : "false", var value => value }}";
        return $"{list}{by}{Name(parameter.ParameterType, Nullability.Create(parameter))} {parameter.Name}{otherwise}";
    }

    static string Name(Type type, NullabilityInfo? info = null)
    {
        if (type.IsByRef) return Name(type.GetElementType()!, info?.ElementType ?? info);
        if (Nullable.GetUnderlyingType(type) is { } underlying) return Name(underlying) + "?";
        string mark = !type.IsValueType && info?.ReadState is NullabilityState.Nullable ? "?" : "";
        if (type.IsArray) return $"{Name(type.GetElementType()!, info?.ElementType)}[]{mark}";
        if (Keywords.TryGetValue(type, out string? keyword)) return keyword + mark;
        if (type.IsGenericParameter) return type.Name; // whether it may be null is its argument's

        var arguments = type.GetGenericArguments();
        int outer = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        string own = type.Name.Split('`')[0];
        if (arguments.Length > outer)
            own += $"<{string.Join(", ", arguments.Skip(outer).Select((argument, i) => Name(argument, info is { GenericTypeArguments.Length: var n } && n > outer + i ? info.GenericTypeArguments[outer + i] : null)))}>";
        return (type.IsNested ? $"{Name(type.DeclaringType!)}.{own}" : own) + mark;
    }
}
