namespace Macp.Client.Tests;

/// <summary>Bounds the waits of a test; none is meant to take that long.</summary>
static class Soon
{
    static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    public static Task Happens(this Task task) => task.WaitAsync(s_limit);

    /// <summary>Waits until it holds, and leaves the thread to those who bring it about.</summary>
    public static async Task Comes(Func<bool> condition, string what)
    {
        for (long since = Environment.TickCount64; !condition(); await Task.Delay(5))
            Assert.True(Environment.TickCount64 - since < s_limit.TotalMilliseconds, $"waited in vain for {what}");
    }
}
