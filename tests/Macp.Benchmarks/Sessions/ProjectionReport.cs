using Google.Protobuf;
using Macp.Modes;
using Macp.Modes.Standard;
using Macp.Wire.V1;

namespace Macp.Benchmarks.Sessions;

/// <summary>
/// How many envelopes a second one core folds into projections, whole sessions at a time: from the bytes of the wire, and already decoded. Control: to
/// decode the envelopes and no more. In turns, so that whatever else the machine does meets all three; the seconds are those that the process had a core
/// for, its collector's among them.
/// </summary>
static class ProjectionReport
{
    const int Rounds = 25, EnvelopesARound = 200_000;

    public static void Print(TextWriter output)
    {
        output.WriteLine("envelopes a second of one core: median of the rounds (slowest to fastest)");
        output.WriteLine($"{"session of",12}  {"decode only",32}  {"decode and apply",32}  {"apply",32}");
        foreach (int messages in (int[])[8, 100, 1000]) Print(output, messages);
    }

    static void Print(TextWriter output, int messages)
    {
        var sessions = Enumerable.Range(0, EnvelopesARound / (messages + 2)).Select(_ => Session(messages)).ToArray();
        var bytes = sessions.Select(static session => session.Select(static envelope => envelope.ToByteArray()).ToArray()).ToArray();
        var (decode, fold, apply) = (new List<double>(), new List<double>(), new List<double>());
        for (int round = -5; round < Rounds; round++)
        {
            Measure(decode, round, sessions, () =>
            {
                foreach (var session in bytes)
                    foreach (byte[] envelope in session) Envelope.Parser.ParseFrom(envelope);
            });
            Measure(fold, round, sessions, () =>
            {
                foreach (var session in bytes) Fold(session, static envelope => Envelope.Parser.ParseFrom(envelope));
            });
            Measure(apply, round, sessions, () =>
            {
                foreach (var session in sessions) Fold(session, static envelope => envelope);
            });
        }
        output.WriteLine($"{messages + 2,12}  {Text(decode),32}  {Text(fold),32}  {Text(apply),32}");
    }

    static void Fold<T>(T[] session, Func<T, Envelope> read)
    {
        var projection = new DecisionProjection();
        foreach (var envelope in session)
            if (projection.Apply(read(envelope)) is not ProjectionResult.Applied) throw new InvalidOperationException("not applied");
        if (!projection.IsCommitted) throw new InvalidOperationException("not committed");
    }

    static void Measure(List<double> rates, int round, Envelope[][] sessions, Action work)
    {
        GC.Collect();
        var before = Environment.CpuUsage.TotalTime;
        work();
        if (round >= 0) rates.Add(sessions.Sum(static session => session.Length) / (Environment.CpuUsage.TotalTime - before).TotalSeconds);
    }

    // A proposal, evaluations, as many votes, and the commitment.
    static Envelope[] Session(int messages)
    {
        string id = Guid.NewGuid().ToString();
        var opening = Traffic.Opening(id, messages, (session, number) => number < messages / 2 ? Traffic.Evaluation(session, number) : Traffic.Vote(session, number));
        return [Traffic.Start(id, messages), .. opening, Traffic.Commitment(id)];
    }

    static string Text(List<double> rates)
    {
        rates.Sort();
        return $"{rates[rates.Count / 2] / 1e6:0.00} M ({rates[0] / 1e6:0.00} to {rates[^1] / 1e6:0.00})";
    }
}
