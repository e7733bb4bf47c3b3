using System.Collections.Concurrent;
using Google.Protobuf;
using Macp.Grpc;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Server.Tests.Fuzzing;

/// <summary>The clients' own record of what was accepted: all that may have left a trace.</summary>
sealed class Ledger(int largestMessage)
{
    static readonly MessageParser<Envelope> KnownFields = Envelope.Parser.WithDiscardUnknownFields(true);

    long _now;

    /// <summary>The sessions that somebody started since it was last cleared.</summary>
    public ConcurrentDictionary<string, SessionRecord> Sessions { get; } = new(StringComparer.Ordinal);

    /// <summary>A moment in the order of all moments.</summary>
    public long Now() => Interlocked.Increment(ref _now);

    /// <summary>Enters a call. Answers what is wrong with its answer; null when nothing is.</summary>
    public string? Enter(Shot shot, Answer answer, long sent)
    {
        if (!shot.IsCall) return null;
        var (messages, _) = shot.Read(largestMessage);
        return shot.Method.Name switch
        {
            "Send" when messages is [SendRequest { Envelope: { } envelope }] => EnterSend(shot, envelope, answer, sent),
            "StreamSession" => EnterStream(shot, [.. messages.OfType<StreamSessionRequest>().Select(frame => frame.Envelope).OfType<Envelope>()], answer, sent),
            "SuspendSession" when answer.IsOk => EnterControl(shot, answer.Message(SuspendSessionResponse.Parser).Ack, "SessionSuspend"),
            "ResumeSession" when answer.IsOk => EnterControl(shot, answer.Message(ResumeSessionResponse.Parser).Ack, "SessionResume"),
            "CancelSession" when answer.IsOk => EnterControl(shot, answer.Message(CancelSessionResponse.Parser).Ack, "SessionCancel"),
            _ => null,
        };
    }

    string? EnterSend(Shot shot, Envelope envelope, Answer answer, long sent)
    {
        if (!answer.IsOk)
        {
            if (answer.Status is null or GrpcStatusCode.DeadlineExceeded) Lose(Signed(envelope, shot), shot);
            return null;
        }
        var ack = answer.Message(SendResponse.Parser).Ack;
        if ((ack.MessageId, ack.SessionId) != (envelope.MessageId, envelope.SessionId)) return "the ack is that of another message";
        if (!ack.Ok) return null;
        if (shot.Sender is null) return "a message was accepted from nobody";
        if (IsAmbient(envelope)) return null;
        if (!ack.Duplicate) return Accept(Signed(envelope, shot), sent);
        if (Sessions.TryGetValue(envelope.SessionId, out var session)) session.Repeat(envelope.MessageId);
        return null;
    }

    /// <summary>What a stream accepts it delivers, and what it refuses it says; of what it did not come to, nobody knows.</summary>
    string? EnterStream(Shot shot, Envelope[] envelopes, Answer answer, long sent)
    {
        var responses = answer.Messages(StreamSessionResponse.Parser).ToList();
        foreach (var envelope in envelopes.Where(envelope => !IsAmbient(envelope)))
        {
            var signed = Signed(envelope, shot);
            if (responses.Any(response => response.Envelope?.Equals(signed) is true))
            {
                if (shot.Sender is null) return "a message was accepted from nobody";
                if (Accept(signed, sent) is { } fault) return fault;
            }
            else if (envelopes.Count(other => other.MessageId == envelope.MessageId) > 1 || !responses.Any(response => response.Error?.MessageId == envelope.MessageId)) Lose(signed, shot);
        }
        return null;
    }

    string? EnterControl(Shot shot, Ack ack, string annotation)
    {
        if (!ack.Ok) return null;
        if (shot.Sender is null) return "a session was changed by nobody";
        if (!Sessions.TryGetValue(ack.SessionId, out var session)) return $"a session was changed that nobody started: '{ack.SessionId}'";
        session.Annotate(annotation);
        return null;
    }

    string? Accept(Envelope envelope, long sent)
    {
        if (envelope.MessageType == MessageTypes.SessionStart) Sessions.TryAdd(envelope.SessionId, new(envelope.SessionId));
        return Sessions.TryGetValue(envelope.SessionId, out var session) ? session.Accept(envelope, sent, Now()) : $"accepted in a session that nobody started: {envelope}";
    }

    void Lose(Envelope envelope, Shot shot)
    {
        // In another's name nothing is accepted.
        if (IsAmbient(envelope) || envelope.Sender != shot.Sender) return;
        // It may come after a start that was sent after it.
        Sessions.GetOrAdd(envelope.SessionId, id => new(id)).Lose(envelope);
    }

    static bool IsAmbient(Envelope envelope) => envelope.MessageType is MessageTypes.Signal or MessageTypes.Progress;

    /// <summary>As the history has it: with the name of whoever sent it, and without fields that no envelope has.</summary>
    static Envelope Signed(Envelope envelope, Shot shot)
    {
        var signed = KnownFields.ParseFrom(envelope.ToByteString());
        if (signed.Sender.Length == 0) signed.Sender = shot.Sender ?? "";
        return signed;
    }
}
