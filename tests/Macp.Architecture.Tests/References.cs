using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Macp.Architecture.Tests;

/// <summary>What an assembly refers to, read from its metadata.</summary>
static class References
{
    public static IReadOnlyList<string> Assemblies(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name)).Order(StringComparer.Ordinal)];
    }

    public static IReadOnlyList<string> Types(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        var handles = metadata.TypeReferences.Where(type => !IsForIterators(metadata, type));
        return [.. handles.Select(metadata.GetTypeReference).Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}").Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>Compilers ask for the thread in every iterator, so that each of its readers begins anew; no outcome depends on it.</summary>
    static bool IsForIterators(MetadataReader metadata, TypeReferenceHandle type)
    {
        var members = metadata.MemberReferences.Select(metadata.GetMemberReference).Where(member => member.Parent == (EntityHandle)type).Select(member => metadata.GetString(member.Name)).ToArray();
        return members is ["get_CurrentManagedThreadId"];
    }

    /// <summary>Whether an assembly of this name is one of ours.</summary>
    public static bool IsOurs(string name) => name == "macp" || name.StartsWith("Macp.", StringComparison.Ordinal);
}
