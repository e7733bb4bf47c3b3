using Macp.Modes;
using Macp.Modes.MultiRound;
using Macp.Modes.Standard;

namespace Macp.Conformance.Tests;

/// <summary>The modes that come with the runtime.</summary>
static class BuiltIns
{
    public static void AddTo(ModeCatalog modes) =>
        modes.Add<DecisionMode>().Add<ProposalMode>().Add<TaskMode>().Add<HandoffMode>().Add<QuorumMode>().Add<MultiRoundMode>();

    public static ModeCatalog Catalog()
    {
        var modes = new ModeCatalog();
        AddTo(modes);
        return modes;
    }
}
