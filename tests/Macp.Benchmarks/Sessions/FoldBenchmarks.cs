using BenchmarkDotNet.Attributes;
using Macp.Modes;
using Macp.Modes.Standard;
using Macp.Wire.Modes.Decision.V1;
using Macp.Wire.V1;

namespace Macp.Benchmarks.Sessions;

/// <summary>
/// What it takes to fold the next messages of a session that is short or long: reducer, projection, and the handler, which decides too. Every
/// iteration has sessions of its own, since they grow. Control: to parse the payload and no more.
/// </summary>
[InvocationCount(Sessions), WarmupCount(150), IterationCount(40)]
public class FoldBenchmarks
{
    const int Sessions = 16, Next = 200;

    readonly string _id = Guid.NewGuid().ToString();
    SessionContext _session = null!;
    Envelope[] _opening = [], _next = [];
    EvaluationPayload[] _payloads = [];
    DecisionMode.State[] _states = [];
    DecisionProjection[] _projections = [];
    DecisionHandler[] _handlers = [];
    int _turn;

    /// <summary>The messages that the session has accepted before.</summary>
    [Params(3, 1000)]
    public int Prior { get; set; }

    [GlobalSetup]
    public void Write()
    {
        var start = Traffic.Start(_id);
        _session = new(start, SessionStartPayload.Parser.ParseFrom(start.Payload));
        _opening = [.. Traffic.Opening(_id, Prior, Traffic.Evaluation)];
        _next = [.. Enumerable.Range(Prior, Next).Select(number => Traffic.Evaluation(_id, number))];
        _payloads = [.. _next.Select(static envelope => EvaluationPayload.Parser.ParseFrom(envelope.Payload))];
    }

    [IterationSetup(Target = nameof(Reduce))]
    public void OpenStates() => _states = Open(() => new DecisionMode.State(),
        (state, envelope) => DecisionMode.Reducer.Evolve(state, _session, MessageContext.Of(envelope), envelope.Payload));

    [IterationSetup(Target = nameof(Project))]
    public void OpenProjections() => _projections = Open(() => new DecisionProjection(), static (projection, envelope) => projection.Apply(envelope));

    [IterationSetup(Target = nameof(Handle))]
    public void OpenHandlers() => _handlers = Open(() => new DecisionHandler(_session),
        static (handler, envelope) => handler.Evolve(MessageContext.Of(envelope), envelope.Payload));

    [Benchmark(Baseline = true, OperationsPerInvoke = Next)]
    public EvaluationPayload? ParsePayload()
    {
        EvaluationPayload? last = null;
        foreach (var envelope in _next) last = EvaluationPayload.Parser.ParseFrom(envelope.Payload);
        return last;
    }

    [Benchmark(OperationsPerInvoke = Next)]
    public void Reduce()
    {
        var state = _states[_turn++];
        for (int i = 0; i < Next; i++) DecisionMode.Reducer.Evolve(state, _session, MessageContext.Of(_next[i]), _payloads[i]);
    }

    [Benchmark(OperationsPerInvoke = Next)]
    public void Project()
    {
        var projection = _projections[_turn++];
        foreach (var envelope in _next)
            if (projection.Apply(envelope) is not ProjectionResult.Applied) throw new InvalidOperationException("not applied");
    }

    [Benchmark(OperationsPerInvoke = Next)]
    public void Handle()
    {
        var handler = _handlers[_turn++];
        foreach (var envelope in _next)
        {
            var context = MessageContext.Of(envelope);
            var verdict = handler.Decide(context, envelope.Payload);
            if (verdict.Rejection is not null) throw new InvalidOperationException(verdict.Rejection.Reason);
            handler.Evolve(context, verdict.Payload!);
        }
    }

    T[] Open<T>(Func<T> create, Action<T, Envelope> fold)
    {
        _turn = 0;
        var opened = new T[Sessions];
        foreach (ref var one in opened.AsSpan())
        {
            one = create();
            foreach (var envelope in _opening) fold(one, envelope);
        }
        return opened;
    }
}
