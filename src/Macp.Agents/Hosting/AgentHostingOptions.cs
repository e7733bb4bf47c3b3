namespace Macp.Agents;

/// <summary>How a host runs an agent.</summary>
public sealed record AgentHostingOptions
{
    /// <summary>The bootstrap file; when null that which <c>MACP_BOOTSTRAP_FILE</c> names. A <see cref="MacpBootstrap"/> among the services counts before either.</summary>
    public string? BootstrapFile { get; init; }

    /// <summary>Whether the host stops when the session has ended, as a process that was started for one session should. False by default.</summary>
    public bool StopHostAtEnd { get; init; }
}
