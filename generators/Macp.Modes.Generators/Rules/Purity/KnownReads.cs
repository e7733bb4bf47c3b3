using Macp.Modes.Generators.Rules.Determinism;
using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Rules.Purity;

/// <summary>
/// The members of other people's types that only read. An allow-list: a method of a collection or a message that is not here is taken to change it.
/// </summary>
static class KnownReads
{
    // No framework type gives one of these names to a method that changes it.
    static readonly HashSet<string> Names =
    [
        .. """
        AsArray AsEnumerable AsMemory AsObject AsReadOnly AsSpan AsValue BinarySearch CalculateSize Clone Compare CompareTo ConvertAll Contains ContainsAny ContainsKey ContainsValue
        CopyTo DeepClone DeepEquals Deconstruct Dispose Equals Exists Find FindAll FindIndex FindLast FindLastIndex ForEach Format Get GetAlternateLookup
        GetEnumerator GetHashCode GetKeyAtIndex GetLength GetLowerBound GetRange GetType GetUpperBound GetValue GetValueAtIndex GetValueKind GetValueOrDefault GetViewBetween IndexOf IndexOfAny IndexOfKey
        IndexOfValue IsInitialized IsProperSubsetOf IsProperSupersetOf IsSubsetOf IsSupersetOf LastIndexOf MoveNext Overlaps Pack Peek SequenceEqual
        SetEquals Slice StartsWith EndsWith ToArray ToBuilder ToByteArray ToByteString ToDateTime ToDateTimeOffset ToDiagnosticString ToImmutable ToJsonString
        ToList ToString ToTimeSpan TrueForAll TryCopyTo TryGetAlternateLookup TryGetNonEnumeratedCount TryGetPropertyValue TryGetValue TryPeek WriteTo
        """.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries),
    ];

    static readonly HashSet<string> Makers =
    [
        .. """
        Clone ConvertAll Create CreateBuilder DeepClone Empty FindAll FromBase64String FromHexString GetBytes GetRange HashData Parse ParseFrom ParseJson Split
        ToArray ToBuilder ToByteArray ToCharArray ToDictionary ToHashSet ToList Unpack
        """.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries),
    ];

    // What these are given they read, arrays too.
    static readonly HashSet<string> Readers = new(StringComparer.Ordinal)
    {
        "System.String", "System.Object", "System.Convert", "System.BitConverter", "System.Linq.Enumerable", "Google.Protobuf.ByteString",
        "System.Collections.Frozen.FrozenSet", "System.Collections.Frozen.FrozenDictionary", "System.Text.Json.JsonSerializer",
        "System.Security.Cryptography.SHA256", "System.Security.Cryptography.SHA384", "System.Security.Cryptography.SHA512",
    };

    /// <summary>Whether a method leaves the instance as it is that it is called on.</summary>
    public static bool Has(IMethodSymbol method) => Names.Contains(method.Name);

    /// <summary>Whether a method leaves its arguments as they are. What a collection or a message is given it keeps or reads.</summary>
    public static bool HasArgumentsOf(IMethodSymbol method, bool isOfChanging) => method switch
    {
        { Name: "CopyTo" or "TryCopyTo" or "WriteTo" or "Merge" } => false,
        { IsStatic: false } when isOfChanging => true,
        { Name: "GetString" or "GetCharCount" or "GetByteCount" or "ParseFrom" } => true,
        _ => Has(method) || Readers.Contains(method.ContainingType.PlainName())
            || (method.ContainingType.ContainingNamespace?.ToDisplayString() is "System.Collections.Immutable" && method.ContainingType.Name is not "Builder"),
    };

    /// <summary>Whether what a method answers is new each time, so that its caller may do with it what it likes.</summary>
    public static bool MakesNew(IMethodSymbol method) => Makers.Contains(method.Name);
}
