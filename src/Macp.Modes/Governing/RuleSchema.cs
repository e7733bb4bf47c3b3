using System.Text.Json;

namespace Macp.Modes;

/// <summary>
/// The shape of a rules object: its keys, and what each takes. It is closed: a key that is not here is refused, save those that begin with
/// <c>_</c> or <c>$</c>, which are for readers (decisions 17).
/// </summary>
public sealed class RuleSchema(params IReadOnlyList<RuleKey> keys)
{
    /// <summary>The keys, in the order of their declaration.</summary>
    public IReadOnlyList<RuleKey> Keys { get; } = keys;

    /// <summary>The shape that takes what this one or another takes: a policy for any mode may use any mode's keys.</summary>
    public RuleSchema Or(RuleSchema other) => new(
    [
        .. Keys.Select(key => other.Find(key.Name) is { } same ? key.Or(same) : key),
        .. other.Keys.Where(key => Find(key.Name) is null),
    ]);

    /// <summary>What is wrong with a rules object; null when it has this shape.</summary>
    /// <param name="rules">The object.</param>
    /// <param name="path">Where it stands; empty for the whole.</param>
    /// <param name="closed">Whether a key that is not here is wrong.</param>
    internal RuleFault? Check(JsonElement rules, string path, bool closed)
    {
        if (rules.ValueKind is not JsonValueKind.Object) return new(path, "must be a JSON object");
        foreach (var property in rules.EnumerateObject())
        {
            if (property.Name.StartsWith('_') || property.Name.StartsWith('$')) continue;
            string name = Refuse.Cut(property.Name, 60), at = path.Length == 0 ? name : $"{path}.{name}";
            if (Find(property.Name) is { } key)
            {
                if (key.Check(property.Value, at, closed) is { } fault) return fault;
            }
            else if (closed) return new(at, $"is not a key of these rules; there are {string.Join(", ", Keys.Select(k => k.Name))}");
        }
        return null;
    }

    RuleKey? Find(string name) => Keys.FirstOrDefault(key => key.Name == name);
}

/// <summary>What is wrong with a policy's rules.</summary>
/// <param name="Path">Where, as <c>voting.threshold</c>.</param>
/// <param name="Reason">What, in words that follow the path.</param>
public sealed record RuleFault(string Path, string Reason);
