using BenchmarkDotNet.Attributes;
using Macp.Modes;
using Macp.Modes.Standard;
using Macp.Wire.Modes.Decision.V1;
using Macp.Wire.V1;

namespace Macp.Benchmarks.Sessions;

/// <summary>What the generated validator takes to accept a message of a session that is short or long. Control: to parse its payload and no more.</summary>
public class ModeBenchmarks
{
    readonly string _id = Guid.NewGuid().ToString();
    SessionContext _session = null!;
    DecisionMode.State _evaluated = null!, _voted = null!;
    Envelope _evaluation = null!, _vote = null!;

    /// <summary>The messages that the session has accepted before.</summary>
    [Params(3, 1000)]
    public int Prior { get; set; }

    [GlobalSetup]
    public void Open()
    {
        var start = Traffic.Start(_id, participants: Prior + 1);
        _session = new(start, SessionStartPayload.Parser.ParseFrom(start.Payload));
        (_evaluated, _voted) = (Fold(Traffic.Evaluation), Fold(Traffic.Vote));
        (_evaluation, _vote) = (Traffic.Evaluation(_id, Prior), Traffic.Vote(_id, Prior));
        if ((DecideEvaluation().Rejection ?? DecideVote().Rejection) is { } rejection) throw new InvalidOperationException(rejection.Reason);
    }

    [Benchmark(Baseline = true)]
    public EvaluationPayload ParsePayload() => EvaluationPayload.Parser.ParseFrom(_evaluation.Payload);

    [Benchmark]
    public Verdict DecideEvaluation() => DecisionMode.Validator.Decide(_evaluated, _session, MessageContext.Of(_evaluation), _evaluation.Payload);

    [Benchmark]
    public Verdict DecideVote() => DecisionMode.Validator.Decide(_voted, _session, MessageContext.Of(_vote), _vote.Payload);

    DecisionMode.State Fold(Func<string, int, Envelope> following)
    {
        var state = new DecisionMode.State();
        foreach (var envelope in Traffic.Opening(_id, Prior, following))
            DecisionMode.Reducer.Evolve(state, _session, MessageContext.Of(envelope), envelope.Payload);
        return state;
    }
}
