using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Macp.Agents;

/// <summary>Cancel callbacks among the endpoints of an application.</summary>
public static class CancelCallbackEndpoints
{
    /// <summary>Maps a cancel callback: what <see cref="CancelCallbackListener"/> answers, with the application's own addresses, TLS and authorization.</summary>
    /// <param name="endpoints">The application's endpoints.</param>
    /// <param name="onCancel">What a callback does, such as <see cref="MacpParticipant{TSession}.CancelAsync"/>.</param>
    /// <param name="options">The path, the secret and the largest body; host and port do not count.</param>
    public static IEndpointConventionBuilder MapMacpCancelCallback(
        this IEndpointRouteBuilder endpoints, Func<CancelRequest, CancellationToken, Task> onCancel, CancelCallbackOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(onCancel);
        options ??= new();
        var logger = endpoints.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(CancelCallbackEndpoints).FullName!);
        RequestDelegate answer = new CancelEndpoint(options, onCancel, logger).AnswerAsync;
        return endpoints.Map(options.RootedPath, answer);
    }
}
