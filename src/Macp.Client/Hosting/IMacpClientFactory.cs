namespace Macp.Client;

/// <summary>Makes the clients that were registered with <c>AddMacpClient</c>.</summary>
public interface IMacpClientFactory
{
    /// <summary>A new client, the caller's to dispose. Clients of one name share their connections, which stay open.</summary>
    /// <param name="name">The name by which it was registered; empty for the one without a name.</param>
    /// <exception cref="MacpConfigurationException">No client of this name was registered, or its options cannot be.</exception>
    MacpClient CreateClient(string name);
}
