using System.Net;
using Macp.Server.Authentication;
using Macp.Server.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Macp.Server.Hosting;

/// <summary>From options to an authenticator. Everything that can be wrong about them is found here, before anything listens.</summary>
static class AuthenticationServices
{
    /// <summary>What the options say, for a host that has no authenticator of its own.</summary>
    /// <exception cref="MacpConfigurationException">Nothing is configured and that is not allowed, or something is wrong.</exception>
    public static IAuthenticator Create(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<MacpServerOptions>();
        var own = provider.GetService<ITokenSource>();
        if (!options.Authentication.IsConfigured && own is null) return Development(options);

        var loggers = provider.GetRequiredService<ILoggerFactory>();
        var tokens = own ?? StaticTokens.Read(options.Authentication);
        var jwt = options.Authentication.Jwt is { } issuer ? Jwt(issuer, provider.GetRequiredService<TimeProvider>(), loggers) : null;
        return new BearerAuthenticator(jwt, tokens, provider.GetRequiredService<SecurityLog>());
    }

    static JwtIdentities Jwt(MacpJwtOptions issuer, TimeProvider time, ILoggerFactory loggers) =>
        new(new(issuer), new(KeyReaders.Of(issuer), issuer.KeysTimeToLive, time, loggers.CreateLogger<IssuerKeys>()), time);

    static DevelopmentAuthenticator Development(MacpServerOptions options)
    {
        if (!options.AllowInsecure)
            throw new MacpConfigurationException(
                "no authentication configured. Set MACP_AUTH_TOKENS_FILE or MACP_AUTH_ISSUER; for development, where whatever token a caller brings is its name, pass --dev or set MACP_ALLOW_INSECURE=1.");
        if (!IPAddress.IsLoopback(options.Listen.Address) && !options.AllowRemoteDevelopmentIdentity)
            throw new MacpConfigurationException(
                $"no authentication configured, and development identity, where whatever token a caller brings is its name, is for loopback only: {options.Listen} is not. "
                + "Set MACP_AUTH_TOKENS_FILE or MACP_AUTH_ISSUER, or listen on 127.0.0.1. Where everybody who reaches the address may be anybody, MACP_DEV_IDENTITY_REMOTE=1 forces it; MACP_ALLOW_INSECURE=1 and --dev do not.");
        return new(options.AllowRemoteDevelopmentIdentity);
    }
}
