using BenchmarkDotNet.Attributes;
using Google.Protobuf;
using Macp.Modes;
using Macp.Modes.Standard;
using Macp.Runtime;
using Macp.Wire.V1;

namespace Macp.Benchmarks.Sessions;

/// <summary>
/// What the kernel takes to admit, judge and keep the next messages of a session that is short or long, history in memory and no transport.
/// Every iteration has a runtime of its own. Control: to parse the same envelope and no more.
/// </summary>
[InvocationCount(Sessions), WarmupCount(150), IterationCount(40)]
public class KernelBenchmarks
{
    const int Sessions = 16, Next = 200;

    static readonly MacpRuntimeOptions Unlimited = new() { SessionStartLimitPerMinute = int.MaxValue, MessageLimitPerMinute = int.MaxValue };
    static readonly Identity[] Participants = [new("p0"), new("p1"), new("p2")];
    static readonly byte[] Wire = Traffic.Evaluation(Guid.NewGuid().ToString(), 0).ToByteArray();

    MacpRuntime _runtime = null!;
    Envelope[][] _next = [];
    int _turn;

    /// <summary>The messages that the session has accepted before.</summary>
    [Params(3, 1000)]
    public int Prior { get; set; }

    [IterationSetup(Target = nameof(Send))]
    public void Open()
    {
        _turn = 0;
        _runtime = new(new ModeCatalog().Add<DecisionMode>(), Unlimited);
        // The runtime keeps what it accepts, so each iteration needs envelopes of its own.
        _next = [.. Enumerable.Range(0, Sessions).Select(_ => Next(Guid.NewGuid().ToString()))];

        Envelope[] Next(string session)
        {
            Send(0, Traffic.Start(session));
            foreach (var (number, envelope) in Traffic.Opening(session, Prior, Traffic.Evaluation).Index()) Send(number == 0 ? 0 : (number - 1) % 3, envelope);
            return [.. Enumerable.Range(Prior, KernelBenchmarks.Next).Select(number => Envelope.Parser.ParseFrom(Traffic.Evaluation(session, number).ToByteArray()))];
        }
    }

    [IterationCleanup(Target = nameof(Send))]
    public void Close() => _runtime.DisposeAsync().AsTask().Wait();

    [Benchmark(Baseline = true, OperationsPerInvoke = Next)]
    public Envelope? ParseEnvelope()
    {
        Envelope? last = null;
        for (int i = 0; i < Next; i++) last = Envelope.Parser.ParseFrom(Wire);
        return last;
    }

    [Benchmark(OperationsPerInvoke = Next)]
    public void Send()
    {
        var next = _next[_turn++];
        for (int i = 0; i < Next; i++) Send((Prior + i) % 3, next[i]);
    }

    void Send(int participant, Envelope envelope)
    {
        var answer = _runtime.SendAsync(Participants[participant], envelope);
        // History in memory is durable at once.
        if (!answer.IsCompletedSuccessfully || !answer.Result.Ok) throw new InvalidOperationException("not accepted");
    }
}
