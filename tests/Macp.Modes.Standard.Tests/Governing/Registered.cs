using Macp.Modes.MultiRound;
using Macp.Wire.V1;

namespace Macp.Modes.Standard.Tests.Governing;

/// <summary>Policies as a runtime that hosts all built-in modes judges them.</summary>
static class Registered
{
    public static ModeCatalog Hosted { get; } =
        new ModeCatalog().Add<DecisionMode>().Add<ProposalMode>().Add<TaskMode>().Add<HandoffMode>().Add<QuorumMode>().Add<MultiRoundMode>();

    public static PolicyDescriptor Policy(string mode, string rules, uint version = 3) =>
        new() { PolicyId = "policy.test", Mode = mode, Description = "A test's.", Rules = rules, SchemaVersion = version };

    public static RuleFault? Read(PolicyDescriptor policy) => PolicyDefinition.Read(policy, Hosted.All, out _);

    public static RuleFault? Judge(Macp.Modes.ModeDescriptor mode, string rules, uint version = 3) => Read(Policy(mode.Identifier, rules, version));

    /// <summary>What a session of a mode is bound to; registered first.</summary>
    public static PolicyBinding Bind(PolicyDescriptor policy, string mode)
    {
        Assert.Null(PolicyDefinition.Read(policy, Hosted.All, out var definition));
        Assert.Null(definition.Bind(mode, Hosted.Newest(mode)!.Governance, out var binding));
        return binding;
    }
}
