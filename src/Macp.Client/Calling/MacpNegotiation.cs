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
