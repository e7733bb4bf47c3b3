using System.Globalization;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Macp.Modes;
using Macp.Wire.V1;

namespace Macp.Runtime.Tests.Replaying;

/// <summary>
/// A session of notes with everything that the kernel writes, to be altered: start at 0, Note at 10, Alarm at 20, Rang at 120, suspended from 200 to 260, Note at 300,
/// expired at 1060. Its suspensions may take 300 milliseconds.
/// </summary>
sealed partial record NotesStory(IReadOnlyList<HistoryRecord> Records)
{
    public const int Start = 0, First = 1, Alarm = 2, Rang = 3, Suspended = 4, Resumed = 5, Second = 6, Expired = 7;

    public static async Task<NotesStory> TellAsync()
    {
        var world = new World();
        await world.StartAsync(change: start => (start.TtlMs, start.MaxSuspendMs) = (1000, 300));
        await At(10, () => world.NoteAsync(World.Bob, "one"));
        await At(20, () => world.AlarmAsync("a", 100));
        await At(200, () => world.Runtime.SuspendAsync(World.Ada, World.Session, "lunch").AsTask());
        await At(260, () => world.Runtime.ResumeAsync(World.Ada, World.Session, "").AsTask());
        await At(300, () => world.NoteAsync(World.Bob, "two"));
        await At(2000, () => world.Runtime.SweepAsync().AsTask());
        Assert.Equal("SessionStart Note Alarm Rang SessionSuspend SessionResume Note TtlExpired", Expect.Types(world.History.Of(World.Session)));
        return new(world.History.Of(World.Session));

        Task At(long at, Func<Task> act)
        {
            world.Time.Advance(FakeTime.Origin + at - world.Time.NowMs);
            return act();
        }
    }

    public NotesStory Until(int last) => new([.. Records.Take(last + 1)]);

    /// <summary>Without a record, and the messages after it numbered anew.</summary>
    public NotesStory Without(int position)
    {
        int less = Records[position].IsAnnotation ? 0 : 1;
        return new([.. Records.Take(position), .. Records.Skip(position + 1).Select(record => Copy(record, ordinal: record.Ordinal - less))]);
    }

    public NotesStory Swap(int one, int other) =>
        new([.. Records.Select((record, i) => i == one ? Records[other] : i == other ? Records[one] : record)]);

    /// <summary>With one record more at the end, made of another.</summary>
    public NotesStory Then(int position, long at, Action<Envelope>? change = null)
    {
        var record = Records[position];
        return new([.. Records, Copy(record, change, at, Records[^1].Ordinal + (record.IsAnnotation ? 0 : 1))]);
    }

    /// <summary>With one record altered; its time may be its sender's too, as it is in what the runtime writes.</summary>
    public NotesStory With(int position, Action<Envelope>? change = null, long? at = null, long? ordinal = null, Func<SessionBinding, SessionBinding>? bind = null) =>
        new([.. Records.Select((record, i) => i == position ? Copy(record, change, at, ordinal, bind) : record)]);

    public NotesStory WithPayload<T>(int position, Action<T> change)
        where T : IMessage, new() => With(position, envelope =>
        {
            var payload = new T();
            payload.MergeFrom(envelope.Payload);
            change(payload);
            envelope.Payload = payload.ToByteString();
        });

    public ReplayOutcome Replay(Action<ModeCatalog>? host = null)
    {
        var modes = new ModeCatalog();
        (host ?? (static modes => modes.Add<NotesMode>()))(modes);
        return new SessionReplay(modes).Decide(Records);
    }

    /// <summary>The differences, a line each, with times since the start.</summary>
    public static string Tell(ReplayOutcome outcome) => string.Join('\n', outcome.Differences.Select(found =>
        $"{found.Position} {found.Kind} {found.MessageType}: {SinceStart(found.Recorded)} -> {SinceStart(found.Decided)}"));

    static string SinceStart(string text) => Instant().Replace(text, at => (long.Parse(at.Value, CultureInfo.InvariantCulture) - FakeTime.Origin).ToString(CultureInfo.InvariantCulture));

    static HistoryRecord Copy(HistoryRecord record, Action<Envelope>? change = null, long? at = null, long? ordinal = null, Func<SessionBinding, SessionBinding>? bind = null)
    {
        var envelope = record.Envelope;
        if (at is not null && record.Kind is not RecordKind.Sent) envelope.TimestampUnixMs = FakeTime.Origin + at.Value;
        change?.Invoke(envelope);
        var binding = bind is null ? record.Binding : bind(record.Binding!);
        return new(record.Kind, envelope, at is null ? record.AcceptedAtUnixMs : FakeTime.Origin + at.Value, ordinal ?? record.Ordinal, binding);
    }

    [GeneratedRegex(@"\b(1[78]\d{11})\b")]
    private static partial Regex Instant();
}
