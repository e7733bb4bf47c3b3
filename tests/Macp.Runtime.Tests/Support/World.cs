using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime.Tests;

/// <summary>A runtime with the notes mode, its clock and its history, and short ways to talk to it.</summary>
public sealed class World
{
    public const string Session = "session-0000000000000000";
    public static readonly Identity Ada = new("ada"), Bob = new("bob"), Cyd = new("cyd"), Stranger = new("mallory");

    int _ids;

    public World(MacpRuntimeOptions? options = null, IHistory? history = null, World? before = null, ModeCatalog? modes = null)
    {
        (Configuration, _ids) = (before?.Configuration ?? $"config.{Guid.NewGuid()}", before?._ids ?? 0);
        options ??= new() { MessageLimitPerMinute = int.MaxValue, SessionStartLimitPerMinute = int.MaxValue };
        Runtime = new(modes ?? new ModeCatalog().Add<NotesMode>(), options, history ?? History, Time);
        Runtime.Faulted += (_, fault) =>
        {
            lock (Faults) Faults.Add(fault);
        };
    }

    public FakeTime Time { get; } = new();

    public ManualHistory History { get; } = new();

    public MacpRuntime Runtime { get; }

    public List<Exception> Faults { get; } = [];

    /// <summary>The mode's state in a session, as it is now.</summary>
    public string StateOf(string session = Session) => NotesMode.StateOf(Configuration, session);

    /// <summary>The configuration version of this test's sessions.</summary>
    public string Configuration { get; }

    public string NextId() => $"m{Interlocked.Increment(ref _ids)}";

    public async Task<Ack> SendAsync(Identity? identity, Envelope envelope) => await Runtime.SendAsync(identity, envelope);

    /// <summary>A session of Ada's with Ada and Bob in it, for a minute.</summary>
    public async Task StartAsync(string session = Session, Action<SessionStartPayload>? change = null) =>
        Assert.True((await SendAsync(Ada, Start(session, change))).Ok);

    public Envelope Start(string session = Session, Action<SessionStartPayload>? change = null)
    {
        var payload = new SessionStartPayload
        {
            Participants = { "ada", "bob" },
            ModeVersion = "1.0.0",
            ConfigurationVersion = Configuration,
            TtlMs = 60_000,
        };
        change?.Invoke(payload);
        return Envelope(Ada, MessageTypes.SessionStart, payload, session);
    }

    public Envelope Note(Identity sender, string text, string session = Session) => Envelope(sender, "Note", new StringValue { Value = text }, session);

    public Task<Ack> NoteAsync(Identity sender, string text, string session = Session) => SendAsync(sender, Note(sender, text, session));

    /// <summary>Sets an alarm: after this time the runtime appends a Rang.</summary>
    public async Task AlarmAsync(string id, long milliseconds, string session = Session)
    {
        var alarm = Envelope(Bob, "Alarm", new Int64Value { Value = milliseconds }, session);
        alarm.MessageId = id;
        Expect.Accepted(await SendAsync(Bob, alarm));
    }

    public Envelope Commitment(string reason = "because", string session = Session) => Envelope(Ada, MessageTypes.Commitment, new CommitmentPayload
    {
        CommitmentId = "c1",
        Action = "notes.kept",
        AuthorityScope = "notes",
        Reason = reason,
        ModeVersion = "1.0.0",
        ConfigurationVersion = Configuration,
        OutcomePositive = true,
    }, session);

    public Envelope Envelope(Identity sender, string type, IMessage payload, string session = Session) => new()
    {
        MacpVersion = "1.0",
        Mode = NotesMode.Identifier,
        MessageType = type,
        MessageId = NextId(),
        SessionId = session,
        Sender = sender.Sender,
        TimestampUnixMs = Time.NowMs,
        Payload = payload.ToByteString(),
    };

    public Envelope Ambient(Identity sender, string type, IMessage? payload = null) => new()
    {
        MacpVersion = "1.0",
        MessageType = type,
        MessageId = NextId(),
        Sender = sender.Sender,
        Payload = payload?.ToByteString() ?? ByteString.Empty,
    };

    public async Task<SessionMetadata> MetadataAsync(string session = Session)
    {
        Assert.True((await Runtime.GetSessionAsync(Ada, session)).Succeeded(out var metadata, out _));
        return metadata;
    }

    public async Task<SessionState> StateAsync(string session = Session) => (await MetadataAsync(session)).State;

    public async Task<SessionCursor> SubscribeAsync(ulong after = 0, bool annotations = false, string session = Session)
    {
        Assert.True((await Runtime.SubscribeAsync(Ada, session, after, annotations)).Succeeded(out var cursor, out _));
        return cursor;
    }
}

static class Expect
{
    public static void Code(ErrorCode code, Ack ack)
    {
        Assert.False(ack.Ok);
        Assert.Equal(code.Value, ack.Error.Code);
    }

    public static void Accepted(Ack ack) => Assert.True(ack.Ok && !ack.Duplicate, ack.ToString());

    public static Ack Done(Outcome<Ack> outcome)
    {
        Assert.True(outcome.Succeeded(out var ack, out var failure), failure?.Message);
        return ack;
    }

    public static void Failed<T>(FailureKind kind, Outcome<T> outcome)
        where T : class => Assert.Equal(kind, outcome.Failure?.Kind);

    /// <summary>Awaits what must not take long, and says what it was when it does.</summary>
    public static async Task<T> SoonAsync<T>(Task<T> task, string what)
    {
        await SoonAsync((Task)task, what);
        return await task;
    }

    public static async Task SoonAsync(Task task, string what) =>
        Assert.True(await Task.WhenAny(task, Task.Delay(TimeSpan.FromSeconds(30))) == task, $"waited in vain for {what}");

    /// <summary>Waits for what must come about soon, and says what it was when it does not.</summary>
    public static async Task SoonAsync(Func<bool> condition, string what)
    {
        long since = Environment.TickCount64;
        while (!condition())
        {
            Assert.True(Environment.TickCount64 - since < 30_000, $"waited in vain for {what}");
            await Task.Delay(1);
        }
    }

    /// <summary>Reads to the end of the session, which must come soon.</summary>
    public static Task<List<HistoryRecord>> ToEndAsync(SessionCursor cursor)
    {
        return SoonAsync(ReadAsync(), "the end of the session");

        async Task<List<HistoryRecord>> ReadAsync()
        {
            var records = new List<HistoryRecord>();
            await foreach (var record in cursor.ReadAllAsync()) records.Add(record);
            return records;
        }
    }

    /// <summary>Reads what is there and does not wait for more.</summary>
    public static async Task<List<HistoryRecord>> AvailableAsync(SessionCursor cursor)
    {
        var records = new List<HistoryRecord>();
        while (await cursor.HasMoreNowAsync())
            while (cursor.TryRead(out var record))
                records.Add(record);
        return records;
    }

    public static string Types(IEnumerable<HistoryRecord> records) => string.Join(' ', records.Select(r => r.Envelope.MessageType));
}
