using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>What the runtime says of itself: the handshake, and what it hosts.</summary>
sealed class RuntimeCard(ModeRegistry modes, PolicyRegistry policies)
{
    const string Name = "macp-runtime", Title = "MACP Runtime for .NET", Description = "Hosts coordination modes written once, as classes.";

    const string ContentType = "application/macp-envelope+proto";

    static readonly string Version = typeof(RuntimeCard).Assembly.GetName().Version!.ToString(fieldCount: 3);

    static readonly string[] StandardsTrack =
        ["macp.mode.decision.v1", "macp.mode.proposal.v1", "macp.mode.task.v1", "macp.mode.handoff.v1", "macp.mode.quorum.v1"];

    /// <summary>Chooses the protocol version (RFC-MACP-0001 section 5).</summary>
    public Outcome<InitializeResponse> Initialize(InitializeRequest request)
    {
        if (request.SupportedProtocolVersions.Count == 0)
            return new Failure(FailureKind.InvalidArgument, "INVALID_REQUEST: supported_protocol_versions must not be empty");
        if (!request.SupportedProtocolVersions.Contains(MacpProtocol.Version))
            return new Failure(FailureKind.FailedPrecondition, $"UNSUPPORTED_PROTOCOL_VERSION: this runtime speaks {MacpProtocol.Version} only");
        return new InitializeResponse
        {
            SelectedProtocolVersion = MacpProtocol.Version,
            RuntimeInfo = new()
            {
                Name = Name,
                Title = Title,
                Version = Version,
                Description = Description,
            },
            Capabilities = Capabilities(),
            SupportedModes = { SupportedModes },
            Instructions = "Start a session with SessionStart, send its mode's messages, and bind its outcome with one Commitment.",
        };
    }

    /// <summary>The runtime as an agent. It is the only one that it can tell of: participants are names to it.</summary>
    /// <param name="agentId">The runtime's name; empty means the same.</param>
    public Outcome<GetManifestResponse> GetManifest(string agentId)
    {
        if (agentId is not ("" or Name)) return new Failure(FailureKind.NotFound, $"Agent '{agentId}' not found: this runtime knows the manifest of '{Name}' only");
        return new GetManifestResponse
        {
            Manifest = new()
            {
                AgentId = Name,
                Title = Title,
                Description = Description,
                SupportedModes = { SupportedModes },
                InputContentTypes = { ContentType },
                OutputContentTypes = { ContentType },
            },
        };
    }

    /// <summary>The standards-track modes in the protocol's order, others under their root by name.</summary>
    public ListModesResponse ListModes() => new() { Modes = { Hosted(isStandard: true) } };

    /// <summary>The other modes, by name.</summary>
    public ListExtModesResponse ListExtModes() => new() { Modes = { Hosted(isStandard: false) } };

    /// <summary>No more than what there is: a client may ask for whatever is true here.</summary>
    Capabilities Capabilities() => new()
    {
        Sessions = new() { Stream = true, ListSessions = true, WatchSessions = true },
        Cancellation = new() { CancelSession = true },
        Progress = new() { Progress = true },
        Manifest = new() { GetManifest = true },
        ModeRegistry = new() { ListModes = true, ListChanged = true },
        Roots = new() { ListRoots = true },
        PolicyRegistry = new() { RegisterPolicy = !policies.IsReadOnly, ListPolicies = true, ListChanged = true },
        Experimental = new() { Features = { ["ext_mode_lifecycle"] = "true" } },
    };

    IEnumerable<string> SupportedModes => modes.Families.Select(family => family.Identifier);

    IEnumerable<Macp.Wire.V1.ModeDescriptor> Hosted(bool isStandard) => modes.Families
        .Where(family => family.IsStandard == isStandard)
        .OrderBy(Rank)
        .SelectMany(family => family.Versions)
        .Select(mode => mode.Descriptor.Clone());

    // Those without a rank come after, in the order of their names that they have already.
    static int Rank(ModeFamily family) => Array.IndexOf(StandardsTrack, family.Identifier) is >= 0 and var rank ? rank : int.MaxValue;
}
