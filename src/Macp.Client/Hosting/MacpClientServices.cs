using Macp.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers clients of MACP runtimes.</summary>
public static class MacpClientServices
{
    /// <summary>
    /// Registers the client that <see cref="MacpClient"/> resolves to, as a singleton. Its options are validated when the host starts, and without a host when
    /// the client is made; it uses the host's <see cref="ILoggerFactory"/> and <see cref="TimeProvider"/> where its options name none.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The builder of the handlers that it sends by, to add some.</returns>
    public static IHttpClientBuilder AddMacpClient(this IServiceCollection services, Action<MacpClientOptions> configure) =>
        services.AddMacpClient(Options.Options.DefaultName, configure);

    /// <summary>Registers the client that <see cref="MacpClient"/> resolves to, as a configuration says.</summary>
    /// <param name="services">The services.</param>
    /// <param name="section">The section with its options, <c>Macp</c> by convention; docs/client-hosting.md lists its keys. Others are refused.</param>
    /// <param name="configure">Sets further options; null for none.</param>
    /// <returns>The builder of the handlers that it sends by, to add some.</returns>
    public static IHttpClientBuilder AddMacpClient(this IServiceCollection services, IConfiguration section, Action<MacpClientOptions>? configure = null) =>
        services.AddMacpClient(Options.Options.DefaultName, section, configure);

    /// <summary>Registers a client under a name: <see cref="IMacpClientFactory"/> makes it, and it is a singleton under that key.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The builder of the handlers that it sends by, to add some.</returns>
    public static IHttpClientBuilder AddMacpClient(this IServiceCollection services, string name, Action<MacpClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<MacpClientOptions>(name).Configure(configure);
        return Register(services, name);
    }

    /// <summary>Registers a client under a name, as a configuration says.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name.</param>
    /// <param name="section">The section with its options; docs/client-hosting.md lists its keys. Others are refused.</param>
    /// <param name="configure">Sets further options; null for none.</param>
    /// <returns>The builder of the handlers that it sends by, to add some.</returns>
    public static IHttpClientBuilder AddMacpClient(this IServiceCollection services, string name, IConfiguration section, Action<MacpClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(section);
        return services.AddMacpClient(name, options =>
        {
            ClientConfiguration.Read(section, options);
            configure?.Invoke(options);
        });
    }

    static IHttpClientBuilder Register(IServiceCollection services, string name)
    {
        services.AddOptions<MacpClientOptions>(name).PostConfigure<IServiceProvider>(UseHosts).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MacpClientOptions>, MacpClientOptionsValidation>());
        services.TryAddSingleton<IMacpClientFactory, MacpClientFactory>();
        services.TryAddSingleton<PrimaryHandlers>();
        services.AddSingleton(new RegisteredClient(name));
        if (name.Length == 0) services.TryAddSingleton(provider => provider.GetRequiredService<IMacpClientFactory>().CreateClient(name));
        else services.TryAddKeyedSingleton(name, static (provider, key) => provider.GetRequiredService<IMacpClientFactory>().CreateClient((string)key!));

        // Connections are replaced beneath one handler, since a handler that is replaced would stay in use by the client that has it. The factory's own logger is
        // taken out: it would tell a collector of headers what a token is.
        return services.AddHttpClient(RegisteredClient.HttpClientOf(name))
            .ConfigurePrimaryHttpMessageHandler(provider => provider.GetRequiredService<PrimaryHandlers>().Create(name))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();
    }

    static void UseHosts(MacpClientOptions options, IServiceProvider provider)
    {
        options.LoggerFactory ??= provider.GetService<ILoggerFactory>();
        if (ReferenceEquals(options.TimeProvider, TimeProvider.System) && provider.GetService<TimeProvider>() is { } time) options.TimeProvider = time;
    }
}
