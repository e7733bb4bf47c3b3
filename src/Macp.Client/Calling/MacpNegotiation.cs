using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>What client and runtime agreed on, and what the runtime says of itself.</summary>
public sealed record MacpNegotiation
{
    /// <summary>The protocol version in use.</summary>
    public required string ProtocolVersion { get; init; }

    /// <summary>The runtime: name, title, version, description, address.</summary>
    public required RuntimeInfo Runtime { get; init; }

    /// <summary>What the runtime can do. A part that it does not mention is one that it cannot do.</summary>
    public required Capabilities Capabilities { get; init; }

    /// <summary>The identifiers of the modes that it hosts.</summary>
    public required IReadOnlyList<string> SupportedModes { get; init; }

    /// <summary>What the runtime wants agents to know, in words.</summary>
    public string Instructions { get; init; } = "";

    /// <summary>Whether sessions can be streamed.</summary>
    public bool CanStream => Capabilities.Sessions is { Stream: true };

    /// <summary>Whether sessions can be listed.</summary>
    public bool CanListSessions => Capabilities.Sessions is { ListSessions: true };

    /// <summary>Whether sessions can be watched.</summary>
    public bool CanWatchSessions => Capabilities.Sessions is { WatchSessions: true };

    /// <summary>Whether sessions can be cancelled.</summary>
    public bool CanCancelSessions => Capabilities.Cancellation is { CancelSession: true };

    /// <summary>Whether progress is passed on.</summary>
    public bool CanSendProgress => Capabilities.Progress is { Progress: true };

    /// <summary>Whether there are manifests.</summary>
    public bool CanGetManifests => Capabilities.Manifest is { GetManifest: true };

    /// <summary>Whether modes can be listed.</summary>
    public bool CanListModes => Capabilities.ModeRegistry is { ListModes: true };

    /// <summary>Whether changes of the modes are told.</summary>
    public bool CanWatchModes => Capabilities.ModeRegistry is { ListChanged: true };

    /// <summary>Whether roots can be listed.</summary>
    public bool CanListRoots => Capabilities.Roots is { ListRoots: true };

    /// <summary>Whether changes of the roots are told.</summary>
    public bool CanWatchRoots => Capabilities.Roots is { ListChanged: true };

    /// <summary>Whether policies can be registered and unregistered; not where a runtime's policies are fixed.</summary>
    public bool CanRegisterPolicies => Capabilities.PolicyRegistry is { RegisterPolicy: true };

    /// <summary>Whether policies can be listed.</summary>
    public bool CanListPolicies => Capabilities.PolicyRegistry is { ListPolicies: true };

    /// <summary>Whether changes of the policies are told.</summary>
    public bool CanWatchPolicies => Capabilities.PolicyRegistry is { ListChanged: true };

    /// <summary>Whether extension modes can be registered, unregistered and promoted (the experimental feature <c>ext_mode_lifecycle</c>).</summary>
    public bool CanRegisterModes => Capabilities.Experimental is { } experimental && experimental.Features.TryGetValue("ext_mode_lifecycle", out string? value) && value == "true";

    /// <summary>Whether a mode is hosted.</summary>
    /// <param name="mode">The mode's identifier.</param>
    public bool Hosts(string mode) => SupportedModes.Contains(mode, StringComparer.Ordinal);

    internal static InitializeRequest Offer(MacpClientOptions options) => new()
    {
        SupportedProtocolVersions = { MacpProtocol.Version },
        ClientInfo = new() { Name = options.ClientName, Title = options.ClientName, Version = options.ClientVersion, Description = ".NET SDK for MACP runtimes" },
        Capabilities = new()
        {
            Sessions = new() { Stream = true, ListSessions = true, WatchSessions = true },
            Cancellation = new() { CancelSession = true },
            Progress = new() { Progress = true },
            Manifest = new() { GetManifest = true },
            ModeRegistry = new() { ListModes = true, ListChanged = true },
            Roots = new() { ListRoots = true, ListChanged = true },
            PolicyRegistry = new() { RegisterPolicy = true, ListPolicies = true, ListChanged = true },
            Experimental = new(),
        },
    };

    internal static MacpNegotiation Of(InitializeResponse response)
    {
        // A runtime must select from what was offered (RFC-MACP-0001 section 6); one that does not would misread every envelope.
        if (response.SelectedProtocolVersion != MacpProtocol.Version)
            throw new MacpProtocolException(
                $"The runtime selected protocol version '{response.SelectedProtocolVersion}'; this client speaks '{MacpProtocol.Version}' only and offered nothing else.");
        return new()
        {
            ProtocolVersion = response.SelectedProtocolVersion,
            Runtime = response.RuntimeInfo ?? new(),
            Capabilities = response.Capabilities ?? new(),
            SupportedModes = [.. response.SupportedModes],
            Instructions = response.Instructions,
        };
    }
}
