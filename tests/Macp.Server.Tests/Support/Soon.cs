using Macp.Grpc;

namespace Macp.Server.Tests;

/// <summary>Bounds every wait of a test; none is meant to take that long.</summary>
static class Soon
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static Task Happens(this Task task) => task.WaitAsync(Limit);

    public static Task<T> Happens<T>(this Task<T> task) => task.WaitAsync(Limit);

    public static Task<T> Happens<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(Limit);

    /// <summary>The call fails with this status; answers its text.</summary>
    public static async Task<string> FailsWith(this Task task, GrpcStatusCode code)
    {
        var failure = await Assert.ThrowsAsync<GrpcException>(() => task.WaitAsync(Limit));
        Assert.True(code == failure.Status.Code, $"expected {code}, got {failure.Status.Code}: {failure.Status.Detail}");
        return failure.Status.Detail;
    }

    /// <summary>What the call answers; null where it fails with this status.</summary>
    public static async Task<T?> Or<T>(this Task<T> task, GrpcStatusCode code)
        where T : class
    {
        try
        {
            return await task.WaitAsync(Limit);
        }
        catch (GrpcException e) when (e.Status.Code == code)
        {
            return null;
        }
    }
}
