using Macp.Grpc;
using Macp.Wire.V1;

namespace Macp.Benchmarks.Overload.Attacks;

/// <summary>Streams that ask for a large history and do not read it.</summary>
/// <param name="endpoint">The server.</param>
/// <param name="count">How many streams.</param>
/// <param name="messages">How many messages of 8 KB the history has.</param>
sealed class SlowReaders(Uri endpoint, int count, int messages) : IAttack
{
    public const string Served = "had something to read";

    const int PerConnection = 50;

    static readonly string Reason = new('r', 8192);

    readonly Deliberation _session = new(Cast.Reader);
    readonly GrpcCallOptions _options = Methods.As(Cast.Reader);
    readonly List<GrpcChannel> _channels = [];
    readonly List<GrpcDuplexCall<StreamSessionRequest, StreamSessionResponse>> _streams = [];
    bool _written;

    public Answers Answers { get; } = new();

    public async Task BeginAsync()
    {
        if (!_written) await WriteHistoryAsync();
        _written = true;
        for (int i = 0; i < count; i++)
        {
            if (i % PerConnection == 0) _channels.Add(new(new() { Address = endpoint }));
            var stream = _channels[^1].Duplex(Methods.StreamSession, _options);
            _streams.Add(stream);
            await stream.WriteAsync(new() { SubscribeSessionId = _session.Session, AfterSequence = 0 });
        }
    }

    public async Task EndAsync()
    {
        foreach (var stream in _streams)
        {
            Answers.Add(await ReadAsync(stream));
            await stream.DisposeAsync();
        }
        foreach (var channel in _channels) channel.Dispose();
        _streams.Clear();
        _channels.Clear();
    }

    async Task WriteHistoryAsync()
    {
        await using var channel = new GrpcChannel(new() { Address = endpoint });
        await AcceptedAsync(_session.Start());
        await AcceptedAsync(_session.Proposal());
        for (int i = 0; i < messages; i++) await AcceptedAsync(_session.Evaluation(Cast.Reader, Reason));

        async Task AcceptedAsync(Envelope envelope)
        {
            if (await Methods.SendAsync(channel, envelope, _options) is var answer and not Methods.Accepted) throw new InvalidOperationException($"the history was not written: {answer}");
        }
    }

    static async Task<string> ReadAsync(GrpcDuplexCall<StreamSessionRequest, StreamSessionResponse> stream)
    {
        try
        {
            return await stream.ReadAsync() is null ? "ended" : Served;
        }
        catch (GrpcException e)
        {
            return e.Status.Code.ToString();
        }
    }
}
