using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Macp.Benchmarks.Overload.Attacks;

/// <summary>Opens so many connections, 2,000 a second, and does nothing with them.</summary>
/// <param name="endpoint">The server.</param>
/// <param name="count">How many.</param>
/// <param name="isOpening">Whether the opening is the attack: then it goes on while the attack has begun.</param>
sealed class IdleConnections(Uri endpoint, int count, bool isOpening) : IAttack
{
    public const string Opened = "opened", Dropped = "dropped";

    const int PerSecond = 2000;

    readonly ConcurrentBag<IdleConnection> _connections = [];
    readonly IPEndPoint _server = new(IPAddress.Parse(endpoint.Host), endpoint.Port);
    CancellationTokenSource? _enough;
    Task _opening = Task.CompletedTask;
    int _round, _pending;

    public Answers Answers { get; } = new();

    public async Task BeginAsync()
    {
        // Ports of connections that were closed a moment ago are not free; another address has its own.
        var from = new IPAddress([127, 1, (byte)++_round, 1]);
        var enough = _enough = new();
        _opening = Pace.RunAsync(PerSecond, (i, meant) =>
        {
            if (i == count - 1) enough.Cancel();
            Interlocked.Increment(ref _pending);
            _ = HoldAsync(from, enough);
        }, _enough.Token);
        if (!isOpening) await OpenedAsync();
    }

    public async Task EndAsync()
    {
        await _enough!.CancelAsync();
        await OpenedAsync();
        _enough = null;
        while (_connections.TryTake(out var connection)) connection.Dispose();
    }

    async Task OpenedAsync()
    {
        await _opening;
        while (Volatile.Read(ref _pending) > 0) await Task.Delay(10);
    }

    async Task HoldAsync(IPAddress from, CancellationTokenSource round)
    {
        var connection = new IdleConnection();
        try
        {
            await connection.OpenAsync(from, _server);
            Answers.Add(Opened);
            _connections.Add(connection);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            Answers.Add($"not opened ({e.Message})");
            connection.Dispose();
            return;
        }
        finally
        {
            Interlocked.Decrement(ref _pending);
        }
        try
        {
            await connection.HoldAsync();
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // Told below: whose end it was.
        }
        if (_enough == round) Answers.Add(Dropped);
    }
}
