using Macp.Benchmarks.Sessions;
using Macp.Client;

namespace Macp.Benchmarks.Calls;

/// <summary>Subscribers of sessions in which nothing happens: what they cost, others pay.</summary>
static class IdleSubscribers
{
    /// <summary>
    /// Attaches subscribers, each to a session of its own, says when all are attached, and holds them until the process is told to stop. Answers 1, for
    /// an exit status, once a stream brings anything or ends.
    /// </summary>
    public static async Task<int> HoldAsync(int count, string endpoint)
    {
        await using var client = new MacpClient(new() { Endpoint = new($"http://{endpoint}"), AllowInsecure = true, Auth = MacpAuth.DevAgent("p0") });
        var idle = new List<Task<SessionStreamItem?>>(count);
        while (idle.Count < count) idle.Add((await AttachAsync(client)).ReadAsync().AsTask());
        Console.WriteLine($"idle: {count} subscribers attached");

        var broken = await Task.WhenAny(idle);
        Console.Error.WriteLine($"idle: a stream is not: {broken.Exception?.GetBaseException().Message ?? broken.Result?.ToString() ?? "it has ended"}");
        return 1;
    }

    static async Task<MacpStream> AttachAsync(MacpClient client)
    {
        string session = Guid.NewGuid().ToString();
        await client.SendAsync(Traffic.Start(session));
        var stream = await client.OpenStreamAsync();
        await stream.SubscribeAsync(session);
        if (await stream.ReadAsync() is not SessionStreamItem.Accepted) throw new InvalidOperationException("the start was not delivered");
        return stream;
    }
}
