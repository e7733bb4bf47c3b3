using Macp.Modes;
using WireDescriptor = Macp.Wire.V1.ModeDescriptor;

namespace Macp.Runtime;

/// <summary>What a compiled mode says of itself, as it travels (runtime-semantics 4.3).</summary>
static class WireDescriptors
{
    // Where the reference runtime points for the payloads of the published modes.
    const string PublishedSchemas = "buf.build/multiagentcoordinationprotocol/macp", PublishedPackages = "macp.modes.";

    public static WireDescriptor Of(ModeDescriptor mode)
    {
        var wire = new WireDescriptor
        {
            Mode = mode.Identifier,
            ModeVersion = mode.Version,
            Title = mode.Title,
            Description = mode.Description,
            DeterminismClass = NameOf(mode.Determinism),
            ParticipantModel = NameOf(mode.Participants),
            MessageTypes = { mode.AllMessageTypes },
            TerminalMessageTypes = { mode.TerminalMessageTypes },
        };
        if (mode.Messages.Any(m => m.Payload.File.Package.StartsWith(PublishedPackages, StringComparison.Ordinal)))
            wire.SchemaUris["protobuf"] = PublishedSchemas;
        return wire;
    }

    static string NameOf(DeterminismClass determinism) => determinism switch
    {
        DeterminismClass.SemanticDeterministic => "semantic-deterministic",
        DeterminismClass.StructuralOnly => "structural-only",
        _ => "context-frozen",
    };

    static string NameOf(ParticipantModel participants) => participants switch
    {
        ParticipantModel.Declared => "declared",
        ParticipantModel.Peer => "peer",
        ParticipantModel.Orchestrated => "orchestrated",
        ParticipantModel.Delegated => "delegated",
        _ => "quorum",
    };
}
