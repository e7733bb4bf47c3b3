using Macp.Client;
using Microsoft.Extensions.Logging;

namespace Macp.Agents;

/// <summary>
/// What somebody who starts agents tells one of them: which session, as whom, where the runtime is, and how the initiator begins. A JSON file, in either of the two
/// shapes of the field: flat with snake_case keys, or nested with camelCase keys (docs/agents.md). Printed without its secrets.
/// </summary>
public sealed record MacpBootstrap
{
    /// <summary>The variable that names the file.</summary>
    public const string FileVariable = "MACP_BOOTSTRAP_FILE";

    /// <summary>The session to start or to join.</summary>
    public required string SessionId { get; init; }

    /// <summary>Who takes part.</summary>
    public required string ParticipantId { get; init; }

    /// <summary>The mode's identifier.</summary>
    public required string Mode { get; init; }

    /// <summary>The run that the session belongs to, as a control plane names it; null when it has none.</summary>
    public string? RunId { get; init; }

    /// <summary>The mode version to bind; the mode's own when null.</summary>
    public string? ModeVersion { get; init; }

    /// <summary>The configuration version to bind; the protocol's default when null.</summary>
    public string? ConfigurationVersion { get; init; }

    /// <summary>The policy to bind; the protocol's default when null.</summary>
    public string? PolicyVersion { get; init; }

    /// <summary>Who takes part besides, as far as this participant is told.</summary>
    public IReadOnlyList<string> Participants { get; init; } = [];

    /// <summary>The runtime: <c>host:port</c>, or a URI; null where the client comes from elsewhere.</summary>
    public string? RuntimeAddress { get; init; }

    /// <summary>Whether the connection uses TLS: true unless both this and <see cref="AllowInsecure"/> say otherwise.</summary>
    public bool Secure { get; init; } = true;

    /// <summary>Whether a connection without TLS is allowed. It alone changes nothing.</summary>
    public bool AllowInsecure { get; init; }

    /// <summary>The credential; null where the client comes from elsewhere.</summary>
    public MacpAuth? Auth { get; init; }

    /// <summary>Makes the participant the initiator; null for one who joins.</summary>
    public InitiatorOptions? Initiator { get; init; }

    /// <summary>Where the participant can be cancelled; null for nowhere.</summary>
    public CancelCallbackOptions? CancelCallback { get; init; }

    /// <summary>Reads a bootstrap file; the variables <c>MACP_RUNTIME_ADDRESS</c>, <c>MACP_RUNTIME_TOKEN</c> and <c>MACP_RUNTIME_TLS</c> count before what it says.</summary>
    /// <param name="path">The file; when null that which <c>MACP_BOOTSTRAP_FILE</c> names.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="MacpConfigurationException">There is no file, or it says something that is not understood, by its key.</exception>
    public static async Task<MacpBootstrap> LoadAsync(string? path = null, CancellationToken cancellationToken = default)
    {
        path ??= Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } named ? named
            : throw new MacpConfigurationException($"No bootstrap file is named: pass its path, or set {FileVariable}.");
        try
        {
            return Parse(await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false), path, Environment.GetEnvironmentVariable);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MacpConfigurationException($"The bootstrap file '{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads a bootstrap.</summary>
    /// <param name="json">The JSON, as UTF-8.</param>
    /// <param name="source">Where it comes from, for errors.</param>
    /// <param name="environment">The variables that count before it; none when null.</param>
    /// <exception cref="MacpConfigurationException">It says something that is not understood, by its key.</exception>
    public static MacpBootstrap Parse(ReadOnlyMemory<byte> json, string source, Func<string, string?>? environment = null) =>
        BootstrapReader.Read(json, source, environment ?? (static _ => null));

    /// <summary>A client of the runtime, by the credential.</summary>
    /// <exception cref="MacpConfigurationException">Address or credential are missing, or the address has no TLS where that is not allowed.</exception>
    public MacpClient CreateClient()
    {
        if (RuntimeAddress is null) throw new MacpConfigurationException("The bootstrap says nothing of the runtime: set runtime_address (runtime.address), or MACP_RUNTIME_ADDRESS.");
        if (Auth is null) throw new MacpConfigurationException("The bootstrap has no credential: set auth_token (runtime.bearerToken), MACP_RUNTIME_TOKEN, or agent_id for a runtime in development.");
        if (!Secure && !AllowInsecure) throw new MacpConfigurationException("The bootstrap turns TLS off without allow_insecure (runtime.allowInsecure): tokens would travel in the clear.");
        return new(MacpClientOptions.FromEndpoint(RuntimeAddress, allowInsecure: !Secure) with { Auth = Auth });
    }

    /// <summary>A participant in the session that it names.</summary>
    /// <typeparam name="TSession">The session client of the mode; <see cref="ExtensionSession"/> for a mode that has none.</typeparam>
    /// <param name="client">The connection; its credential counts where the bootstrap has none.</param>
    /// <param name="session">Makes the session; null for the modes that come with this library, and for extension modes.</param>
    /// <param name="logger">The participant's log; none when null.</param>
    /// <exception cref="MacpConfigurationException">The session is not one of its mode.</exception>
    public MacpParticipant<TSession> CreateParticipant<TSession>(MacpClient client, Func<MacpClient, SessionOptions, TSession>? session = null, ILogger? logger = null)
        where TSession : class, IModeSession
    {
        ArgumentNullException.ThrowIfNull(client);
        var made = (session ?? ((c, options) => ModeSessions.Create<TSession>(c, Mode, options)))(client, SessionOptions());
        if (made.Descriptor.Identifier != Mode) throw new MacpConfigurationException($"The bootstrap is for {Mode}, and the agent for {made.Descriptor.Identifier}.");
        return new(made, new() { ParticipantId = ParticipantId, Initiator = Initiator, CancelCallback = CancelCallback }, logger);
    }

    /// <summary>What it is, without its secrets.</summary>
    public override string ToString() => $"MacpBootstrap {{ SessionId = {SessionId}, ParticipantId = {ParticipantId}, Mode = {Mode}, RuntimeAddress = {RuntimeAddress} }}";

    SessionOptions SessionOptions()
    {
        var options = new SessionOptions { SessionId = SessionId, ModeVersion = ModeVersion, Auth = Auth };
        if (ConfigurationVersion is { } configuration) options = options with { ConfigurationVersion = configuration };
        return PolicyVersion is { } policy ? options with { PolicyVersion = policy } : options;
    }
}
