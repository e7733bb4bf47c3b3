using Google.Protobuf;
using Macp.Client;
using Macp.Grpc;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Cli.Tests;

/// <summary>What clients were told of one session, in which one message is under way at a time.</summary>
sealed class SessionRecord(string mode, string[] team)
{
    public const string Expiry = "TtlExpired", Suspension = "SessionSuspend", Resumption = "SessionResume", Cancellation = "SessionCancel";

    readonly List<Entry> _entries = [];

    // Sent, and not answered yet: it may be there or not.
    Entry? _pending;
    DateTimeOffset? _mayHaveEndedAt;

    public string Id { get; } = Guid.NewGuid().ToString();

    public string Mode => mode;

    public string[] Team => team;

    public SessionState State { get; private set; } = SessionState.Unspecified;

    /// <summary>Whether it expires soon, and when, where that is known.</summary>
    public bool IsBrief { get; set; }

    public DateTimeOffset? Deadline { get; set; }

    public ulong Ordinal => (ulong)_entries.Count(entry => entry.Envelope is not null);

    public bool HasEnded => State is SessionState.Resolved or SessionState.Cancelled or SessionState.Expired;

    public IEnumerable<string> Told => _entries.Select((entry, i) => Describe(entry, (ulong)_entries.Take(i + 1).Count(e => e.Envelope is not null)));

    /// <summary>Some message that was acknowledged.</summary>
    public Envelope Some(Random random) => _entries.Where(entry => entry.Envelope is not null).ElementAt(random.Next((int)Ordinal)).Envelope!;

    /// <summary>An envelope of the session.</summary>
    public Envelope Envelope(string sender, string type, IMessage payload) => new()
    {
        MacpVersion = MacpProtocol.Version,
        Mode = mode,
        SessionId = Id,
        MessageType = type,
        MessageId = Guid.NewGuid().ToString(),
        Sender = sender,
        TimestampUnixMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
        Payload = payload.ToByteString(),
    };

    /// <summary>What an annotation makes of a session, and the word for it.</summary>
    public static (SessionState State, string Word) Change(string annotation) => annotation switch
    {
        Suspension => (SessionState.Suspended, "suspended"),
        Resumption => (SessionState.Open, "resumed"),
        _ => (SessionState.Cancelled, "cancelled"),
    };

    public void Try(Envelope envelope) => Begin(new(envelope.MessageType, envelope));

    public void Try(string annotation) => Begin(new(annotation, null));

    /// <summary>What was tried is known to be there.</summary>
    public void Succeed()
    {
        var entry = _pending!;
        (_pending, State) = (null, After(entry.Type) ?? State);
        _entries.Add(entry);
    }

    public void Fail() => _pending = null;

    public void Expire()
    {
        _entries.Add(new(Expiry, null));
        State = SessionState.Expired;
    }

    /// <summary>Whether a session that ended like this may be gone from the disk.</summary>
    public bool MayBeGone(TimeSpan retention) => (_mayHaveEndedAt ?? Deadline) is { } ended && DateTimeOffset.UtcNow >= ended + retention;

    /// <summary>Holds the history and the state against this; false when they are gone, as they may be by now.</summary>
    public async Task<bool> CompareAsync(MacpClient client, TimeSpan retention, string where)
    {
        bool isDue = Deadline <= DateTimeOffset.UtcNow;
        List<Entry> kept;
        SessionState state;
        try
        {
            kept = await ReadAsync(client);
            state = kept.Count == 0 ? SessionState.Unspecified : (await client.GetSessionAsync(Id)).State;
        }
        catch (MacpTransportException e) when (e.StatusCode is GrpcStatusCode.OutOfRange && MayBeGone(retention))
        {
            return false;
        }

        bool mayBeDue = IsBrief && !(Deadline > DateTimeOffset.UtcNow);
        List<Entry> told = [.. _entries];
        if (_pending is { } maybe && kept.ElementAtOrDefault(told.Count) is { } next && next.Type == maybe.Type) told.Add(maybe);
        if (told.Count > 0 && !HasEnded && After(told[^1].Type) is not (SessionState.Resolved or SessionState.Cancelled)
            && (isDue || (mayBeDue && kept.Count > told.Count))) told.Add(new(Expiry, null));
        Assert.True(told.SequenceEqual(kept, Entry.Comparer), $"{where}, session {Id} of {mode}:\ntold {string.Join(", ", told.Select(e => e.Type))}\nkept {string.Join(", ", kept.Select(e => e.Type))}");
        var expected = told.Select(entry => After(entry.Type)).LastOrDefault(after => after is not null) ?? SessionState.Unspecified;
        Assert.True(expected == state || (mayBeDue && state is SessionState.Expired), $"{where}, session {Id} of {mode}: {state}, and not {expected}");
        return true;
    }

    /// <summary>An item of a stream as it stands in <see cref="Told"/>.</summary>
    public static string Describe(SessionStreamItem item) => item switch
    {
        SessionStreamItem.Accepted accepted => $"{accepted.Ordinal} {accepted.Envelope.MessageType} {accepted.Envelope.MessageId}",
        SessionStreamItem.Annotation annotation => annotation.Envelope.MessageType,
        _ => item.ToString(),
    };

    static string Describe(Entry entry, ulong ordinal) => entry.Envelope is { } envelope ? $"{ordinal} {entry.Type} {envelope.MessageId}" : entry.Type;

    void Begin(Entry entry)
    {
        _pending = entry;
        if (After(entry.Type) is SessionState.Resolved or SessionState.Cancelled) _mayHaveEndedAt ??= DateTimeOffset.UtcNow;
    }

    async Task<List<Entry>> ReadAsync(MacpClient client)
    {
        var kept = new List<Entry>();
        await using var stream = await client.OpenStreamAsync();
        await stream.SubscribeAsync(Id);
        await stream.CompleteAsync();
        try
        {
            await foreach (var item in stream.ReadAllAsync())
                kept.Add(item is SessionStreamItem.Accepted accepted ? new(accepted.Envelope.MessageType, accepted.Envelope) : new(Describe(item), null));
        }
        catch (MacpTransportException e) when (e.StatusCode is GrpcStatusCode.NotFound)
        {
            // Not even its start was kept.
        }
        return kept;
    }

    static SessionState? After(string type) => type switch
    {
        "SessionStart" or Resumption => SessionState.Open,
        Suspension => SessionState.Suspended,
        Cancellation => SessionState.Cancelled,
        Expiry => SessionState.Expired,
        "Commitment" => SessionState.Resolved,
        _ => null,
    };

    /// <summary>An accepted envelope, or an annotation, of which only the type is known beforehand.</summary>
    sealed record Entry(string Type, Envelope? Envelope)
    {
        public static IEqualityComparer<Entry> Comparer { get; } = EqualityComparer<Entry>.Create((a, b) => a!.Type == b!.Type && Equals(a.Envelope, b.Envelope));
    }
}
