namespace Macp.Modes;

/// <summary>
/// The policy's evaluator: why the bound policy denies this outcome now. On a static method that returns <c>IEnumerable&lt;string&gt;</c>, a sentence a
/// reason and none when it allows, and takes, in any order, the state, a <c>bool</c> that is true for a positive outcome, the
/// <see cref="SessionContext"/> and the rules, as it wants them. Asked last, of a commitment that breaks no other rule; breach:
/// <c>POLICY_DENIED</c> with all reasons (RFC-MACP-0012 section 6).
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PolicyAttribute : Attribute;

/// <summary>Bounds for a number among a mode's governance rules, or for every value of a table of numbers.</summary>
/// <param name="least">The least value.</param>
/// <param name="most">The greatest value; included.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RuleRangeAttribute(double least, double most = double.MaxValue) : Attribute
{
    /// <summary>The least value.</summary>
    public double Least { get; } = least;

    /// <summary>The greatest value.</summary>
    public double Most { get; } = most;

    /// <summary>Whether the least value is itself excluded.</summary>
    public bool Above { get; init; }
}
