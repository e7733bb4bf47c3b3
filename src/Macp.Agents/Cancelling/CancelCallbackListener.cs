using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Macp.Agents;

/// <summary>
/// A cancel callback with a listener of its own: <c>POST</c> on the exact path with <c>{"runId": "...", "reason": "..."}</c> is answered by 202 once the handler has
/// returned, by 500 where it throws. For processes that host no HTTP otherwise.
/// </summary>
public sealed class CancelCallbackListener : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly CancelEndpoint _endpoint;
    readonly Lazy<Task> _closing;

    CancelCallbackListener(WebApplication app, CancelEndpoint endpoint, string path)
    {
        (_app, _endpoint) = (app, endpoint);
        _closing = new(CloseAsync);
        Address = new(new Uri(app.Urls.Single()), path);
    }

    /// <summary>Where it listens: the real port, and the path.</summary>
    public Uri Address { get; }

    /// <summary>Listens.</summary>
    /// <param name="options">Where, and for whom.</param>
    /// <param name="onCancel">What a callback does.</param>
    /// <param name="logger">Where its failures are told; nowhere when null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Macp.Client.MacpConfigurationException">The host is no address to listen at.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<CancelCallbackListener> StartAsync(
        CancelCallbackOptions options, Func<CancelRequest, CancellationToken, Task> onCancel, ILogger? logger = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(onCancel);
        var endpoint = new CancelEndpoint(options, onCancel, logger ?? NullLogger.Instance);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(options.Listen(), listen => listen.Protocols = HttpProtocols.Http1));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        var app = builder.Build();
        app.Run(http => http.Request.Path.Value == options.RootedPath ? endpoint.AnswerAsync(http) : NotFound(http));
        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        return new(app, endpoint, options.RootedPath);
    }

    /// <summary>Listens no more, and waits for the callbacks that are being answered; but not where it is called by one. Doing it again is harmless.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_endpoint.IsAnswering.Value) _ = Task.Run(() => _closing.Value);
        else await _closing.Value.ConfigureAwait(false);
    }

    async Task CloseAsync()
    {
        await _app.StopAsync().ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
    }

    static Task NotFound(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
