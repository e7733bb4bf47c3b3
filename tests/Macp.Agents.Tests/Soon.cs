namespace Macp.Agents.Tests;

/// <summary>Bounds every wait of a test; none is meant to take that long.</summary>
static class Soon
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Task Happens(this Task task) => task.WaitAsync(Limit);

    public static Task<T> Happens<T>(this Task<T> task) => task.WaitAsync(Limit);

    public static async Task Holds(Func<bool> condition)
    {
        for (var end = DateTime.UtcNow + Limit; !condition() && DateTime.UtcNow < end;) await Task.Delay(10);
        Assert.True(condition());
    }
}
