using System.Diagnostics;
using Macp.Benchmarks.Sessions;
using Macp.Modes;
using Macp.Modes.Standard;
using Macp.Runtime;
using Macp.Wire.V1;

namespace Macp.Benchmarks.Journals;

/// <summary>A runtime on a journal in this process, and many messages to it at a time.</summary>
sealed class JournalWriter : IAsyncDisposable
{
    const int InFlight = 256;

    readonly JournalHistory? _journal;
    readonly MacpRuntime _runtime;

    JournalWriter(JournalHistory? journal)
    {
        _journal = journal;
        var options = new MacpRuntimeOptions { MessageLimitPerMinute = int.MaxValue, SessionStartLimitPerMinute = int.MaxValue };
        _runtime = new(new ModeCatalog().Add<DecisionMode>(), options, journal);
    }

    public static JournalWriter InMemory() => new(null);

    /// <summary>Opens a folder and takes up what it holds; tells how long each took.</summary>
    public static JournalWriter Open(string folder, out TimeSpan reading, out TimeSpan folding)
    {
        var time = Stopwatch.StartNew();
        var writer = new JournalWriter(JournalHistory.Open(folder));
        reading = time.Elapsed;
        writer._runtime.Start();
        folding = time.Elapsed - reading;
        return writer;
    }

    /// <summary>How many sessions were taken up.</summary>
    public int TakenUp => _runtime.TakenUp;

    /// <summary>Starts sessions of so many messages, a start, a proposal, evaluations, and a commitment at the end of all but every so many-th.</summary>
    public Task PlayAsync(int sessions, int messages, int openEvery) => ManyAsync(sessions, async number =>
    {
        string id = Guid.NewGuid().ToString();
        bool ends = number % openEvery != 0;
        await SendAsync(Traffic.Start(id));
        foreach (var envelope in Traffic.Opening(id, messages - (ends ? 2 : 1), Traffic.Evaluation)) await SendAsync(envelope);
        if (ends) await SendAsync(Traffic.Commitment(id));
    });

    /// <summary>Sends messages to one session, and tells how long each of so many parts of them took.</summary>
    public async Task<IReadOnlyList<TimeSpan>> LengthenAsync(int messages, int parts)
    {
        string id = Guid.NewGuid().ToString();
        await SendAsync(Traffic.Start(id));
        await SendAsync(Traffic.Proposal(id));
        var times = new List<TimeSpan>();
        int size = messages / parts;
        for (int part = 0; part < parts; part++)
        {
            int first = part * size;
            var time = Stopwatch.StartNew();
            await ManyAsync(size, number => SendAsync(Traffic.Evaluation(id, first + number)));
            times.Add(time.Elapsed);
        }
        return times;
    }

    public async ValueTask DisposeAsync()
    {
        await _runtime.DisposeAsync();
        _journal?.Dispose();
    }

    /// <summary>Does something with each number, many at a time.</summary>
    static Task ManyAsync(int count, Func<int, Task> action)
    {
        int next = -1;
        return Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var number && number < count) await action(number);
        })));
    }

    async Task SendAsync(Envelope envelope)
    {
        var ack = await _runtime.SendAsync(new Identity(envelope.Sender), envelope);
        if (!ack.Ok) throw new InvalidOperationException($"{envelope.MessageType} was refused: {ack.Error}");
    }
}
