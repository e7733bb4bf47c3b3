using System.Net;
using Macp.Server.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Macp.Server.Hosting;

/// <summary>From options to an authenticator. Everything that can be wrong about them is found here, before anything listens.</summary>
static class AuthenticationServices
{
    /// <summary>Adds what the options say, unless the host has an authenticator of its own.</summary>
    /// <exception cref="MacpConfigurationException">Nothing is configured and that is not allowed, or something is wrong.</exception>
    public static void Add(IServiceCollection services, MacpServerOptions options)
    {
        if (Has<IAuthenticator>(services)) return;
        if (!options.Authentication.IsConfigured && !Has<ITokenSource>(services))
        {
            AddDevelopment(services, options);
            return;
        }
        var tokens = Has<ITokenSource>(services) ? null : StaticTokens.Read(options.Authentication);
        var keys = options.Authentication.Jwt is { } jwt ? KeyReaders.Of(jwt) : null;
        services.AddSingleton<IAuthenticator>(provider =>
        {
            var time = provider.GetRequiredService<TimeProvider>();
            var loggers = provider.GetRequiredService<ILoggerFactory>();
            var identities = keys is null ? null : new JwtIdentities(
                new(options.Authentication.Jwt!), new(keys, options.Authentication.Jwt!.KeysTimeToLive, time, loggers.CreateLogger<IssuerKeys>()), time);
            return new BearerAuthenticator(identities, provider.GetService<ITokenSource>() ?? tokens, loggers.CreateLogger<BearerAuthenticator>());
        });
    }

    static void AddDevelopment(IServiceCollection services, MacpServerOptions options)
    {
        if (!options.AllowInsecure)
            throw new MacpConfigurationException(
                "no authentication configured. Set MACP_AUTH_TOKENS_FILE or MACP_AUTH_ISSUER; for development, where whatever token a caller brings is its name, pass --dev or set MACP_ALLOW_INSECURE=1.");
        if (!IPAddress.IsLoopback(options.Listen.Address) && !options.AllowRemoteDevelopmentIdentity)
            throw new MacpConfigurationException(
                $"no authentication configured, and development identity, where whatever token a caller brings is its name, is for loopback only: {options.Listen} is not. "
                + "Set MACP_AUTH_TOKENS_FILE or MACP_AUTH_ISSUER, or listen on 127.0.0.1. Where everybody who reaches the address may be anybody, MACP_DEV_IDENTITY_REMOTE=1 forces it; MACP_ALLOW_INSECURE=1 and --dev do not.");
        services.AddSingleton<IAuthenticator>(new DevelopmentAuthenticator(options.AllowRemoteDevelopmentIdentity));
    }

    static bool Has<T>(IServiceCollection services) => services.Any(service => service.ServiceType == typeof(T));
}
