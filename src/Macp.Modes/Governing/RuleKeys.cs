using System.Globalization;
using System.Text.Json;

namespace Macp.Modes;

/// <summary>A key of a rules object.</summary>
/// <param name="Name">The key.</param>
public abstract record RuleKey(string Name)
{
    /// <summary>What it takes, in words: "a number from 0 to 1".</summary>
    public abstract string Takes { get; }

    internal abstract RuleFault? Check(JsonElement value, string path, bool closed);

    internal virtual RuleKey Or(RuleKey other) => Equals(other) ? this : new EitherRule(this, other);

    private protected RuleFault Misfit(JsonElement value, string path) => new(path, $"must be {Takes}; it is {Refuse.Cut(value.GetRawText(), 60)}");
}

/// <summary>Takes true or false.</summary>
public sealed record FlagRule(string Name) : RuleKey(Name)
{
    /// <inheritdoc/>
    public override string Takes => "true or false";

    internal override RuleFault? Check(JsonElement value, string path, bool closed) =>
        value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : Misfit(value, path);
}

/// <summary>Takes a number within bounds.</summary>
/// <param name="Name">The key.</param>
/// <param name="Least">The least value.</param>
/// <param name="Most">The greatest value; included.</param>
/// <param name="Above">Whether the least value is itself excluded.</param>
/// <param name="Whole">Whether it must be an integer.</param>
public sealed record NumberRule(string Name, double Least, double Most, bool Above = false, bool Whole = false) : RuleKey(Name)
{
    /// <inheritdoc/>
    public override string Takes
    {
        get
        {
            string kind = Whole ? "an integer" : "a number", least = Text(Least);
            bool isOpen = Most is double.MaxValue;
            if (Least <= int.MinValue) return isOpen ? kind : $"{kind} of at most {Text(Most)}";
            string low = Above ? $"above {least}" : isOpen ? $"of at least {least}" : $"from {least}";
            return isOpen ? $"{kind} {low}" : $"{kind} {low} {(Above ? "and at most" : "to")} {Text(Most)}";
        }
    }

    internal override RuleFault? Check(JsonElement value, string path, bool closed) => Fits(value) ? null : Misfit(value, path);

    // JSON knows neither NaN nor infinity, but 1e999 reads as the latter.
    bool Fits(JsonElement value) => value.ValueKind is JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number)
        && (!Whole || IsWhole(value, number)) && (Above ? number > Least : number >= Least) && number <= Most;

    // 2.0 is the integer 2 to those who write all their numbers alike.
    static bool IsWhole(JsonElement value, double number) => value.TryGetInt64(out _) || (number == Math.Floor(number) && Math.Abs(number) < 1L << 53);

    // A double says the greatest integer only roughly.
    static string Text(double value) => value == long.MaxValue ? long.MaxValue.ToString(CultureInfo.InvariantCulture) : value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Takes one of a set of texts.</summary>
/// <param name="Name">The key.</param>
/// <param name="Values">The texts; case counts.</param>
public sealed record ChoiceRule(string Name, params IReadOnlyList<string> Values) : RuleKey(Name)
{
    /// <inheritdoc/>
    public override string Takes => $"one of {string.Join(", ", Values)}";

    /// <inheritdoc/>
    public bool Equals(ChoiceRule? other) => other is not null && Name == other.Name && Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Values.Count);

    internal override RuleFault? Check(JsonElement value, string path, bool closed) =>
        value.ValueKind is JsonValueKind.String && Values.Contains(value.GetString()) ? null : Misfit(value, path);
}

/// <summary>Takes any text.</summary>
public sealed record TextRule(string Name) : RuleKey(Name)
{
    /// <inheritdoc/>
    public override string Takes => "text";

    internal override RuleFault? Check(JsonElement value, string path, bool closed) => value.ValueKind is JsonValueKind.String ? null : Misfit(value, path);
}

/// <summary>Takes a list of texts.</summary>
public sealed record TextsRule(string Name) : RuleKey(Name)
{
    /// <inheritdoc/>
    public override string Takes => "a list of texts";

    internal override RuleFault? Check(JsonElement value, string path, bool closed) =>
        value.ValueKind is JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind is JsonValueKind.String) ? null : Misfit(value, path);
}

/// <summary>Takes an object whose every value is a number within bounds.</summary>
/// <param name="Name">The key.</param>
/// <param name="Each">What each value must be; its name does not count.</param>
public sealed record NumbersRule(string Name, NumberRule Each) : RuleKey(Name)
{
    /// <inheritdoc/>
    public override string Takes => $"an object whose every value is {Each.Takes}";

    internal override RuleFault? Check(JsonElement value, string path, bool closed)
    {
        if (value.ValueKind is not JsonValueKind.Object) return Misfit(value, path);
        foreach (var entry in value.EnumerateObject())
            if (Each.Check(entry.Value, $"{path}.{Refuse.Cut(entry.Name, 60)}", closed) is { } fault) return fault;
        return null;
    }
}

/// <summary>Takes an object with a shape of its own.</summary>
/// <param name="Name">The key.</param>
/// <param name="Shape">The shape.</param>
public sealed record GroupRule(string Name, RuleSchema Shape) : RuleKey(Name)
{
    /// <inheritdoc/>
    public override string Takes => "an object";

    internal override RuleFault? Check(JsonElement value, string path, bool closed) => Shape.Check(value, path, closed);

    internal override RuleKey Or(RuleKey other) => other is GroupRule group ? new GroupRule(Name, Shape.Or(group.Shape)) : base.Or(other);
}

/// <summary>Takes what one key or another of this name takes: two modes use it differently.</summary>
/// <param name="First">One of them.</param>
/// <param name="Second">The other.</param>
public sealed record EitherRule(RuleKey First, RuleKey Second) : RuleKey(First.Name)
{
    /// <inheritdoc/>
    public override string Takes => $"{First.Takes}, or {Second.Takes}";

    internal override RuleFault? Check(JsonElement value, string path, bool closed) =>
        First.Check(value, path, closed) is null || Second.Check(value, path, closed) is null ? null : Misfit(value, path);
}
