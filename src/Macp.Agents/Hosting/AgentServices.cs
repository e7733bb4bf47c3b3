using System.Diagnostics.CodeAnalysis;
using Macp.Agents;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Agents among the services of a host.</summary>
public static class AgentServices
{
    /// <summary>
    /// Has the host run an agent: it takes part in the session of the bootstrap, by the <see cref="Macp.Client.MacpClient"/> among the services, or by one that the bootstrap
    /// describes, and leaves it when the host stops.
    /// </summary>
    /// <typeparam name="TAgent">The agent; its constructor may ask for services, strategies among them.</typeparam>
    /// <param name="services">The host's services.</param>
    /// <param name="options">How it is run.</param>
    public static IServiceCollection AddMacpParticipant<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TAgent>(
        this IServiceCollection services, AgentHostingOptions? options = null)
        where TAgent : class, IMacpAgent
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<TAgent>();
        return services.AddSingleton<IHostedService>(provider => new AgentService<TAgent>(provider, options ?? new(), provider.GetRequiredService<ILogger<TAgent>>()));
    }
}
