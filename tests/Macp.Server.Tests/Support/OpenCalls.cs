using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Macp.Server.Tests;

/// <summary>How many calls a server has under way.</summary>
sealed class OpenCalls : IStartupFilter
{
    int _count;

    public int Count => Volatile.Read(ref _count);

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (context, rest) =>
        {
            Interlocked.Increment(ref _count);
            try
            {
                await rest(context);
            }
            finally
            {
                Interlocked.Decrement(ref _count);
            }
        });
        next(app);
    };

    /// <summary>The server comes to have this many.</summary>
    public async Task BecomesAsync(int count)
    {
        for (int i = 0; Count != count && i < 3000; i++) await Task.Delay(10);
        Assert.Equal(count, Count);
    }
}
