using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Macp.Server.Tests.Fuzzing;

/// <summary>How many connections a server has.</summary>
sealed class OpenConnections
{
    int _count;

    public int Count => Volatile.Read(ref _count);

    // Ahead of all others: an endpoint takes the defaults that there are when it is added.
    public void Watch(IServiceCollection services) => services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<KestrelServerOptions>>(
        new ConfigureOptions<KestrelServerOptions>(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(CountAsync)))));

    ConnectionDelegate CountAsync(ConnectionDelegate next) => async connection =>
    {
        Interlocked.Increment(ref _count);
        try
        {
            await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    };

    /// <summary>The server comes to have this many.</summary>
    public async Task BecomesAsync(int count)
    {
        for (int i = 0; Count != count && i < 3000; i++) await Task.Delay(10);
        Assert.Equal(count, Count);
    }
}
