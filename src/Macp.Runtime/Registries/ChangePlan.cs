using System.Diagnostics.CodeAnalysis;

namespace Macp.Runtime;

/// <summary>What a change of a registry comes to as things stand: why it is refused, or what is to be done once it is durable.</summary>
readonly struct ChangePlan
{
    readonly string? _refusal;
    readonly Action? _apply;

    ChangePlan(string? refusal, Action? apply) => (_refusal, _apply) = (refusal, apply);

    /// <summary>Nothing speaks against it.</summary>
    /// <param name="apply">Makes the change. It does not fail.</param>
    public static ChangePlan To(Action apply) => new(null, apply);

    /// <summary>It is refused, in a sentence.</summary>
    public static implicit operator ChangePlan(string refusal) => new(refusal, null);

    public bool IsRefused([NotNullWhen(true)] out string? refusal, [NotNullWhen(false)] out Action? apply)
    {
        (refusal, apply) = (_refusal, _apply);
        return refusal is not null;
    }
}
