using Macp.Grpc;

namespace Macp.Benchmarks.Overload.Attacks;

/// <summary>Sends so many messages a second, on a few connections, with one token.</summary>
/// <param name="endpoint">The server.</param>
/// <param name="token">The token, which is its sender's name.</param>
/// <param name="perSecond">How many.</param>
sealed class Flood(Uri endpoint, string token, int perSecond) : IAttack
{
    /// <summary>Not sent, since too many are not answered yet.</summary>
    public const string HeldBack = "held back";

    // What is not answered is not made more than this.
    const int Connections = 4, MostUnanswered = 400;

    readonly GrpcCallOptions _options = Methods.As(token);
    readonly Deliberation _session = new(token);
    GrpcChannel[] _channels = [];
    CancellationTokenSource? _enough;
    Task _sending = Task.CompletedTask;
    bool _started;
    int _unanswered;

    public Answers Answers { get; } = new();

    public async Task BeginAsync()
    {
        _channels = [.. Enumerable.Range(0, Connections).Select(_ => new GrpcChannel(new() { Address = endpoint }))];
        if (!_started)
        {
            _started = true;
            await Methods.SendAsync(_channels[0], _session.Start(), _options);
            await Methods.SendAsync(_channels[0], _session.Proposal(), _options);
        }
        _enough = new();
        _sending = Pace.RunAsync(perSecond, (i, meant) => _ = SendAsync(_channels[i % Connections]), _enough.Token);
    }

    public async Task EndAsync()
    {
        await _enough!.CancelAsync();
        await _sending;
        while (Volatile.Read(ref _unanswered) > 0) await Task.Delay(10);
        _enough.Dispose();
        foreach (var channel in _channels) channel.Dispose();
    }

    async Task SendAsync(GrpcChannel channel)
    {
        if (Interlocked.Increment(ref _unanswered) <= MostUnanswered) Answers.Add(await Methods.SendAsync(channel, _session.Evaluation(token), _options));
        else Answers.Add(HeldBack);
        Interlocked.Decrement(ref _unanswered);
    }
}
