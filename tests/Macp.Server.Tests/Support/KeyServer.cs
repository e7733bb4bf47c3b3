using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Server.Tests;

/// <summary>Where an issuer publishes its keys: a page on this machine that a test changes.</summary>
sealed class KeyServer : IAsyncDisposable
{
    readonly WebApplication _app;
    int _requests;

    KeyServer(WebApplication app) => _app = app;

    public Uri Url => new(new Uri(_app.Urls.Single()), "/keys");

    /// <summary>What it answers.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = _ => Task.CompletedTask;

    public int Requests => Volatile.Read(ref _requests);

    public static async Task<KeyServer> StartAsync(params SigningKey[] keys)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        var server = new KeyServer(builder.Build());
        server.Publish(keys);
        server._app.Run(context =>
        {
            Interlocked.Increment(ref server._requests);
            return server.Answer(context);
        });
        await server._app.StartAsync();
        return server;
    }

    public void Publish(params SigningKey[] keys) => Answer = context => context.Response.WriteAsync(SigningKey.Set(keys), context.RequestAborted);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
