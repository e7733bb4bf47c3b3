using Google.Protobuf;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Server.Tests.Fuzzing;

/// <summary>What clients were told of one session.</summary>
sealed class SessionRecord(string id)
{
    readonly Lock _gate = new();
    readonly Dictionary<string, Entry> _accepted = new(StringComparer.Ordinal);
    readonly List<Envelope> _unanswered = [];
    readonly HashSet<string> _repeated = new(StringComparer.Ordinal);
    readonly Dictionary<string, int> _annotations = new(StringComparer.Ordinal);

    public string Id => id;

    /// <summary>Who may have started it: of several whose starts were not answered, nobody knows which was first.</summary>
    public IEnumerable<string> Initiators
    {
        get
        {
            lock (_gate) return [.. _accepted.Values.Select(entry => entry.Envelope).Concat(_unanswered).Where(envelope => envelope.MessageType == MessageTypes.SessionStart).Select(envelope => envelope.Sender).Distinct()];
        }
    }

    /// <summary>Whether it is certain that it exists.</summary>
    public bool IsKnown { get; private set; }

    public int Accepted
    {
        get
        {
            lock (_gate) return _accepted.Count;
        }
    }

    /// <summary>A message was acknowledged, by one client or by several. Answers what is wrong with that; null when nothing is.</summary>
    public string? Accept(Envelope envelope, long sent, long acknowledged)
    {
        lock (_gate)
        {
            IsKnown = true;
            if (!_accepted.TryGetValue(envelope.MessageId, out var entry)) _accepted.Add(envelope.MessageId, new(envelope, sent, acknowledged));
            else if (!entry.Envelope.Equals(envelope)) return $"two messages with the id '{envelope.MessageId}' were accepted";
            else _accepted[envelope.MessageId] = entry with { Sent = Math.Min(entry.Sent, sent), Acknowledged = Math.Max(entry.Acknowledged, acknowledged) };
            return null;
        }
    }

    /// <summary>A message was sent, and nobody knows what became of it.</summary>
    public void Lose(Envelope envelope)
    {
        lock (_gate) _unanswered.Add(envelope);
    }

    /// <summary>A message was acknowledged as one that is there already.</summary>
    public void Repeat(string messageId)
    {
        lock (_gate) _repeated.Add(messageId);
    }

    /// <summary>An operation was acknowledged that the history tells as an annotation.</summary>
    public void Annotate(string type)
    {
        lock (_gate) _annotations[type] = _annotations.GetValueOrDefault(type) + 1;
    }

    /// <summary>Where a history and what clients were told part; null when they do not.</summary>
    public string? Compare(IReadOnlyList<Envelope> history)
    {
        lock (_gate)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            long latest = 0;
            foreach (var envelope in history.Where(envelope => !IsRuntimes(envelope)))
            {
                if (!seen.Add(envelope.MessageId)) return $"the message '{envelope.MessageId}' is there twice";
                if (!_accepted.TryGetValue(envelope.MessageId, out var entry))
                {
                    if (_unanswered.Any(lost => SameBytes(lost, envelope))) continue;
                    return $"a message that nobody was told of is there: {envelope}";
                }
                if (!SameBytes(entry.Envelope, envelope)) return $"{entry.Envelope} was accepted; there is {envelope}";
                if (entry.Acknowledged < latest) return $"the message '{envelope.MessageId}' was acknowledged before one was sent that stands before it";
                // One that was sent before as well, by who gave up waiting, may have been accepted then.
                if (!_unanswered.Any(lost => SameBytes(lost, envelope))) latest = Math.Max(latest, entry.Sent);
            }
            if (_accepted.Keys.Concat(_repeated).FirstOrDefault(acknowledged => !seen.Contains(acknowledged)) is { } missing) return $"the message '{missing}' was acknowledged and is not there";
            foreach (string type in (string[])["SessionSuspend", "SessionResume"])
                if (history.Count(envelope => envelope.MessageType == type) is var there && there != _annotations.GetValueOrDefault(type))
                    return $"{type}: {_annotations.GetValueOrDefault(type)} acknowledged, {there} there";
            return null;
        }
    }

    static bool IsRuntimes(Envelope envelope) =>
        MessageTypes.Annotations.Contains(envelope.MessageType) || envelope.MessageId.StartsWith(MacpProtocol.ImplicitAcceptPrefix, StringComparison.Ordinal);

    static bool SameBytes(Envelope left, Envelope right) => left.ToByteString() == right.ToByteString();

    sealed record Entry(Envelope Envelope, long Sent, long Acknowledged);
}
