using System.Globalization;
using Google.Protobuf;
using Macp.Modes;
using Macp.Modes.Standard;
using Macp.Runtime;
using Macp.Wire.V1;

namespace Macp.Benchmarks.Sessions;

/// <summary>
/// What 100,000 open sessions weigh: the live heap, all that is dead collected. Control, taken away: the records of the same messages and no more, with the
/// texts of their own, which are the session's id, the message's id and the payload's bytes.
/// </summary>
static class MemoryReport
{
    const int Sessions = 100_000, Further = 8, InFlight = 4096;

    static readonly MacpRuntimeOptions Unlimited = new() { SessionStartLimitPerMinute = int.MaxValue, MessageLimitPerMinute = int.MaxValue };
    static readonly Identity[] Participants = [new("p0"), new("p1"), new("p2")];

    public static void Print(TextWriter output)
    {
        string[] ids = [.. Enumerable.Range(0, Sessions).Select(static _ => Guid.NewGuid().ToString())];
        // Once for nothing: what the process keeps for good is there when the first is weighed.
        WeighMemory(ids[..100], Further);

        double start = Weigh(ids, 0), message = (Weigh(ids, Further) - start) / Further;
        output.WriteLine("bytes                                  | a session | a further message");
        Print("control: the messages alone", start, message);
        PrintBeside("history in memory", further => WeighMemory(ids, further));
        PrintBeside("journal", further => WeighJournal(ids, further, restarts: false));
        PrintBeside("journal, after a restart", further => WeighJournal(ids, further, restarts: true));

        void Print(string name, double session, double further) =>
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-38} | {session,9:N0} | {further,17:N0}"));

        void PrintBeside(string name, Func<int, double> weigh)
        {
            double alone = weigh(0), all = weigh(Further);
            Print(name + ", beside them", alone - start, (all - alone) / Further - message);
        }
    }

    static double Weigh(string[] ids, int further)
    {
        var records = new HistoryRecord[ids.Length * (1 + further)];
        long before = Heap();
        int count = 0;
        foreach (string id in ids)
        {
            string? session = null;
            foreach (var (ordinal, (sender, sent)) in Messages(id, further).Index())
            {
                var envelope = AsReceived(sent);
                // What all messages or those of a session have in common; the start brings the session's id.
                (envelope.Mode, envelope.MessageType, envelope.Sender) = (sent.Mode, sent.MessageType, Participants[sender].Sender);
                envelope.SessionId = session ??= envelope.SessionId;
                records[count++] = new(RecordKind.Sent, envelope, 0, ordinal + 1);
            }
        }
        long after = Heap();
        GC.KeepAlive(records);
        return (double)(after - before) / ids.Length;
    }

    static double WeighMemory(string[] ids, int further)
    {
        var runtime = Create(new MemoryHistory());
        double weight = WeighSending(runtime, ids, further);
        Close(runtime);
        return weight;
    }

    static double WeighJournal(string[] ids, int further, bool restarts)
    {
        string folder = Directory.CreateTempSubdirectory("macp-memory").FullName;
        try
        {
            double live = WeighJournal(folder, runtime => WeighSending(runtime, ids, further));
            return restarts ? WeighRestart(folder, ids.Length) : live;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static double WeighRestart(string folder, int sessions)
    {
        long before = Heap();
        return WeighJournal(folder, runtime =>
        {
            runtime.Start();
            return (double)(Heap() - before) / sessions;
        });
    }

    static double WeighJournal(string folder, Func<MacpRuntime, double> weigh)
    {
        using var history = JournalHistory.Open(folder);
        var runtime = Create(history);
        double weight = weigh(runtime);
        Close(runtime);
        return weight;
    }

    static double WeighSending(MacpRuntime runtime, string[] ids, int further)
    {
        long before = Heap();
        Send(runtime, ids, further);
        return (double)(Heap() - before) / ids.Length;
    }

    static MacpRuntime Create(IHistory history) => new(new ModeCatalog().Add<DecisionMode>(), Unlimited, history);

    static void Close(MacpRuntime runtime) => runtime.DisposeAsync().AsTask().Wait();

    static void Send(MacpRuntime runtime, string[] ids, int further)
    {
        var answers = new List<Task<Ack>>();
        foreach (string id in ids)
        {
            foreach (var (sender, envelope) in Messages(id, further)) answers.Add(runtime.SendAsync(Participants[sender], AsReceived(envelope)).AsTask());
            if (answers.Count >= InFlight) TakeAnswers();
        }
        TakeAnswers();

        void TakeAnswers()
        {
            foreach (var answer in answers)
                if (answer.Result is { Ok: false } refused) throw new InvalidOperationException(refused.Error.Message);
            answers.Clear();
        }
    }

    static IEnumerable<(int Sender, Envelope Envelope)> Messages(string id, int further)
    {
        yield return (0, Traffic.Start(id));
        if (further == 0) yield break;
        foreach (var (number, envelope) in Traffic.Opening(id, further, Traffic.Evaluation).Index()) yield return (number == 0 ? 0 : (number - 1) % 3, envelope);
    }

    /// <summary>With texts and bytes of its own, as every message that comes over a network.</summary>
    static Envelope AsReceived(Envelope envelope) => Envelope.Parser.ParseFrom(envelope.ToByteArray());

    static long Heap()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
