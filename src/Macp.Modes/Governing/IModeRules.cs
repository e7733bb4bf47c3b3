using Macp.Wire.V1;

namespace Macp.Modes;

/// <summary>
/// The governance rules of a mode: an immutable record whose properties are the keys of the rules' JSON, in snake_case. Guards, reducers, rules and
/// queries may take it as a parameter; the generator makes its schema, its reading and a policy builder of it.
/// </summary>
/// <typeparam name="TSelf">The record itself.</typeparam>
public interface IModeRules<TSelf>
    where TSelf : class, IModeRules<TSelf>
{
    /// <summary>The rules where a policy says nothing, and under <c>policy.default</c>.</summary>
    static abstract TSelf Default { get; }

    /// <summary>Policies that come with the mode, registered wherever it is hosted.</summary>
    static virtual IReadOnlyList<PolicyDescriptor> Policies => [];

    /// <summary>What no single value tells: whether these rules make sense together under a schema version. Asked on registration only.</summary>
    /// <param name="schemaVersion">1, 2 or 3.</param>
    /// <returns>The first thing that is wrong; null when nothing is.</returns>
    RuleFault? Check(uint schemaVersion) => null;
}
