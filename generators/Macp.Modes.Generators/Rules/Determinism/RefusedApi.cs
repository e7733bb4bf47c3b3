using Microsoft.CodeAnalysis;
using static Macp.Modes.Generators.Rules.Determinism.DeterminismRules;

namespace Macp.Modes.Generators.Rules.Determinism;

/// <summary>Says why what is not known is refused. It decides nothing: <see cref="KnownApi"/> does.</summary>
static class RefusedApi
{
    const string FromPayload = "Take what you need from the message or the payload";
    const string Outside = "Do it outside the mode and send what came of it in a message";

    static readonly Refusal Clock = new(NotDeterministic, "which differs between runs", FromPayload + "; what happens later is a message that comes due");
    static readonly Refusal Chance = new(NotDeterministic, "which differs between runs", FromPayload + ": chance is decided by the sender");
    static readonly Refusal Hash = new(NotDeterministic, "which differs between runs", "Compare by value; leave hashing to the collections");
    static readonly Refusal World = new(NotDeterministic, "which reads or changes the world outside the history", Outside);
    static readonly Refusal Threads = new(NotDeterministic, "which belongs to threads, while a mode runs on one, at once", Outside);
    static readonly Refusal Reflection = new(NotDeterministic, "which is reflection", "Say it in the types: switch on the type, or use a generic method");
    static readonly Refusal Memory = new(NotDeterministic, "which depends on the garbage collector or on raw memory", "Keep what you need in the state");
    static readonly Refusal Approximate = new(NotDeterministic, "whose last digits differ between platforms", "Use arithmetic, Math.Sqrt, decimals or integers");
    static readonly Refusal LocalTime = new(NotDeterministic, "which depends on the machine's time zone", "Keep times in UTC, as DateTimeOffset or TimeSpan values");
    static readonly Refusal LineEnds = new(NotDeterministic, "which ends lines as the platform does", "Write \"\\n\" yourself");
    static readonly Refusal Unicode = new(NotDeterministic, "which follows the Unicode tables of the platform", "Compare text as it came, by ordinal comparison");
    static readonly Refusal Stack = new(NotDeterministic, "which tells where code was built and ran", "Use the exception's message");
    static readonly Refusal Cultures = new(DeterminismRules.Culture, "which depends on culture", "Use CultureInfo.InvariantCulture");
    static readonly Refusal Collation = new(DeterminismRules.Culture, "which compares text by culture", "Use the ordinal comparison");

    static readonly Dictionary<string, Refusal> Reasons = new(StringComparer.Ordinal)
    {
        ["System.DateTime"] = Clock,
        ["System.DateTime.ToLocalTime"] = LocalTime,
        ["System.DateTime.ToUniversalTime"] = LocalTime,
        ["System.DateTimeOffset"] = LocalTime,
        ["System.DateTimeOffset.Now"] = Clock,
        ["System.DateTimeOffset.UtcNow"] = Clock,
        ["System.TimeZoneInfo"] = LocalTime,
        ["System.TimeProvider"] = Clock,
        ["System.Diagnostics.Stopwatch"] = Clock,
        ["System.Environment.TickCount"] = Clock,
        ["System.Environment.TickCount64"] = Clock,
        ["System.Guid"] = Chance,
        ["System.Random"] = Chance,
        ["System.Linq.Enumerable.Shuffle"] = Chance,
        ["System.Security.Cryptography.RandomNumberGenerator"] = Chance,
        ["Macp.Protocol.SessionIds.New"] = Chance,
        ["System.HashCode"] = Hash,
        ["System.Environment"] = World,
        ["System.Console"] = World,
        ["System.AppContext"] = World,
        ["System.AppDomain"] = World,
        ["System.IO"] = World,
        ["System.Net"] = World,
        ["System.Diagnostics"] = World,
        ["System.Threading"] = Threads,
        ["System.Linq.ParallelEnumerable"] = Threads,
        ["System.Collections.Concurrent"] = Threads,
        ["System.Lazy"] = Threads,
        ["System.Reflection"] = Reflection,
        ["System.Type"] = Reflection,
        ["System.Activator"] = Reflection,
        ["System.Object.GetType"] = Reflection,
        ["System.Delegate"] = Reflection,
        ["System.Linq.Expressions"] = Reflection,
        ["System.Linq.Queryable"] = Reflection,
        ["System.GC"] = Memory,
        ["System.WeakReference"] = Memory,
        ["System.Runtime"] = Memory,
        ["System.Buffers.ArrayPool"] = Memory,
        ["System.Math"] = Approximate,
        ["System.MathF"] = Approximate,
        ["System.Double"] = Approximate,
        ["System.Single"] = Approximate,
        ["System.Half"] = Approximate,
        ["System.Numerics.BigInteger"] = Approximate,
        ["System.String.ReplaceLineEndings"] = LineEnds,
        ["System.Environment.NewLine"] = LineEnds,
        ["System.Text.StringBuilder.AppendLine"] = LineEnds,
        ["System.String.Normalize"] = Unicode,
        ["System.String.IsNormalized"] = Unicode,
        ["System.Text.RegularExpressions"] = new(NotDeterministic, "which may follow the culture and give up by the clock",
            "Write the check with string and span methods"),
        ["System.Globalization"] = Cultures,
        ["System.Globalization.CompareInfo"] = Collation,
        ["System.FormattableString"] = Cultures,
        ["System.StringComparer"] = Collation,
        ["System.Collections.Comparer"] = Collation,
        ["System.Collections.CaseInsensitiveComparer"] = Collation,
    };

    /// <summary>Why this member of another assembly is refused.</summary>
    public static Refusal Of(ISymbol member, Vocabulary words)
    {
        var type = member.ContainingType.Outermost();
        if (member.ContainingType.DerivesFromException()) return Stack;

        var name = $"{type.PlainName()}.{((member as IMethodSymbol)?.AssociatedSymbol ?? member).Name}";
        for (; name.Length > 0; name = name.Substring(0, Math.Max(0, name.LastIndexOf('.'))))
            if (Reasons.TryGetValue(name, out var reason)) return reason;
        return Unknown(type.ContainingAssembly, words);
    }

    /// <summary>Why hash codes are refused.</summary>
    public static Refusal HashCode => Hash;

    // The framework's assemblies cannot be moved; anybody else's code can, and is followed where it can be read.
    static Refusal Unknown(IAssemblySymbol? assembly, Vocabulary words) => assembly is null || words.IsFramework(assembly)
        ? new(NotDeterministic, "which is not known to be deterministic", Outside)
        : new(NotDeterministic, $"which is not known to be deterministic, being compiled in {assembly.Name}",
            "Move it into the mode's project, where it is followed");
}
