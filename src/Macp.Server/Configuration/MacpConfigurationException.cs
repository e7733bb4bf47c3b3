namespace Macp.Server;

/// <summary>The server cannot start as it is configured; the message names the setting and the way out.</summary>
public sealed class MacpConfigurationException(string message) : Exception(message);
