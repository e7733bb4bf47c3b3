using Microsoft.Extensions.Options;

namespace Macp.Client;

/// <summary>From registered names to clients, which send by the handlers of <see cref="IHttpMessageHandlerFactory"/>.</summary>
sealed class MacpClientFactory(IEnumerable<RegisteredClient> registered, IOptionsMonitor<MacpClientOptions> options, IHttpMessageHandlerFactory handlers)
    : IMacpClientFactory
{
    public MacpClient CreateClient(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!registered.Any(client => client.Name == name))
            throw new MacpConfigurationException($"No client '{name}' is registered. Register it with services.AddMacpClient({(name.Length == 0 ? "" : $"\"{name}\", ")}...).");

        var configured = OptionsOf(name);
        return new(configured with { HttpMessageHandler = handlers.CreateHandler(RegisteredClient.HttpClientOf(name)) });
    }

    MacpClientOptions OptionsOf(string name)
    {
        try
        {
            return options.Get(name);
        }
        catch (OptionsValidationException e)
        {
            throw new MacpConfigurationException(e.Message, e);
        }
    }
}

/// <summary>That a client of this name was registered.</summary>
sealed record RegisteredClient(string Name)
{
    /// <summary>The name of the handlers that it sends by.</summary>
    public static string HttpClientOf(string name) => name.Length == 0 ? "Macp.Client" : $"Macp.Client:{name}";
}
