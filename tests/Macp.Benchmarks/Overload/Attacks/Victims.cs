using System.Diagnostics;
using Macp.Grpc;
using Macp.Wire.V1;

namespace Macp.Benchmarks.Overload.Attacks;

/// <summary>Senders that keep to their limits: 100 of them, 4 messages a second each, in sessions of four, on four connections.</summary>
sealed class Victims : IAsyncDisposable
{
    public const int PerSecond = 400, Connections = 4;

    const int TeamSize = 4;

    readonly GrpcChannel[] _channels;
    readonly Deliberation[] _sessions = [.. Cast.Victims.Chunk(TeamSize).Select(static team => new Deliberation(team))];
    readonly GrpcCallOptions[] _options = [.. Cast.Victims.Select(Methods.As)];

    Victims(Uri endpoint) => _channels = [.. Enumerable.Range(0, Connections).Select(_ => new GrpcChannel(new() { Address = endpoint }))];

    public static async Task<Victims> StartAsync(Uri endpoint)
    {
        var victims = new Victims(endpoint);
        for (int i = 0; i < victims._sessions.Length; i++)
        {
            await victims.BeginAsync(i * TeamSize, victims._sessions[i].Start());
            await victims.BeginAsync(i * TeamSize, victims._sessions[i].Proposal());
        }
        return victims;
    }

    /// <summary>Sends for so long; what came of each, and how long after the moment it was meant for.</summary>
    public async Task<Sent[]> SendAsync(TimeSpan time)
    {
        using var enough = new CancellationTokenSource(time);
        var sends = new List<Task<Sent>>();
        await Pace.RunAsync(PerSecond, (i, meant) => sends.Add(SendAsync(i % Cast.Victims.Length, meant)), enough.Token);
        return await Task.WhenAll(sends);
    }

    public ValueTask DisposeAsync()
    {
        foreach (var channel in _channels) channel.Dispose();
        return ValueTask.CompletedTask;
    }

    async Task BeginAsync(int sender, Envelope opening)
    {
        string answer = await Methods.SendAsync(_channels[sender % Connections], opening, _options[sender]);
        if (answer != Methods.Accepted) throw new InvalidOperationException($"a session was not begun: {answer}");
    }

    async Task<Sent> SendAsync(int sender, long meant)
    {
        string answer = await Methods.SendAsync(_channels[sender % Connections], _sessions[sender / TeamSize].Evaluation(Cast.Victims[sender]), _options[sender]).ConfigureAwait(false);
        return new(answer, Stopwatch.GetElapsedTime(meant));
    }
}

/// <summary>A message's answer, and what it took.</summary>
readonly record struct Sent(string Answer, TimeSpan Latency);
