using Google.Protobuf;
using Macp.Protocol;
using Macp.Runtime;
using Macp.Testing;
using Macp.Wire.V1;

namespace Macp.Modes.Standard.Tests.Properties;

/// <summary>What one message came to in a session of a kernel.</summary>
/// <param name="Message">The message.</param>
/// <param name="Ack">What its sender was answered.</param>
/// <param name="Expected">What the mode says of it, asked before.</param>
/// <param name="IsLate">Whether the session was committed before.</param>
/// <param name="Before">The mode's state in the kernel before.</param>
/// <param name="After">The same after.</param>
/// <param name="Streamed">The ids that the message added to the history.</param>
/// <param name="Projected">The state of a projection of the stream.</param>
/// <param name="Preflight">What the projection said of the message before.</param>
public sealed record KernelMoment(
    Envelope Message, Ack Ack, Rejection? Expected, bool IsLate, string Before, string After, IReadOnlyList<string> Streamed, string Projected, Rejection? Preflight)
{
    // A Progress is accepted too, and binds nobody: it is in no history.
    public bool IsAccepted => Ack.Ok && !Ack.Duplicate && Message.MessageType != MessageTypes.Progress;

    public override string ToString() => $"{Message.MessageId}, {Message.MessageType} of {Message.Sender} [{Convert.ToHexString(Message.Payload.Span)}]: {Ack.Ok} {Ack.Duplicate} {Ack.Error}";
}

/// <summary>A random sequence, played against a session of a kernel that is read by a subscriber from its start.</summary>
public sealed class KernelPlay
{
    readonly MacpRuntime _runtime;
    readonly Subject _subject;
    readonly Envelope _start;
    readonly IProjection _projection;
    SessionCursor? _cursor;

    KernelPlay(MacpRuntime runtime, Subject subject)
    {
        (_runtime, _subject, _projection) = (runtime, subject, subject.NewProjection());
        _start = subject.Start.Clone();
        _start.SessionId = SessionIds.New();
    }

    public List<KernelMoment> Moments { get; } = [];

    public List<Envelope> Accepted { get; } = [];

    SessionHandler Handler => Spy.Handlers[_start.SessionId];

    /// <summary>A kernel in memory that hosts all subjects, its clock standing still.</summary>
    public static MacpRuntime NewRuntime()
    {
        var modes = new ModeCatalog();
        foreach (var subject in Subject.All.Values) subject.AddSpied(modes);
        return new(modes, new() { MessageLimitPerMinute = int.MaxValue, SessionStartLimitPerMinute = int.MaxValue }, time: new TestClock());
    }

    public static async Task<KernelPlay> RunAsync(MacpRuntime runtime, Subject subject, IEnumerable<Attempt> attempts)
    {
        var play = new KernelPlay(runtime, subject);
        await play.StartAsync();
        foreach (var attempt in attempts) await play.TakeAsync(attempt);
        Spy.Handlers.TryRemove(play._start.SessionId, out _);
        return play;
    }

    public override string ToString() => string.Join("\n  ", Moments.Prepend<object>("").Append(Moments.LastOrDefault()?.After ?? ""));

    async Task StartAsync()
    {
        var initiator = new Identity(_start.Sender);
        var ack = await _runtime.SendAsync(initiator, _start.Clone());
        Assert.True(ack.Ok, ack.ToString());
        Assert.True((await _runtime.SubscribeAsync(initiator, _start.SessionId, 0)).Succeeded(out _cursor, out _));
        await ReadAsync();
    }

    async Task TakeAsync(Attempt attempt)
    {
        var message = Choose(attempt);
        var expected = Handler.Decide(MessageContext.Of(message), message.Payload).Rejection;
        var preflight = _projection.Preflight(MessageContext.Of(message), message.Payload);
        bool isLate = Handler.IsCommitted;
        string before = Spy.StateOf(Handler);
        // The kernel may put equal texts in the place of an envelope's own.
        var ack = await _runtime.SendAsync(new Identity(message.Sender), message.Clone());
        var moment = new KernelMoment(message, ack, expected, isLate, before, Spy.StateOf(Handler), await ReadAsync(), _projection.ToJson(), preflight);
        if (moment.IsAccepted) Accepted.Add(message);
        Moments.Add(moment);
    }

    Envelope Choose(Attempt attempt)
    {
        var message = attempt.ToEnvelope(_subject, Handler, _start.SessionId, Accepted, $"m{Moments.Count + 1}");
        if (attempt is not Attempt.Repeat { SameId: true } repeat || Accepted.Count == 0) return message;
        message.MessageId = Accepted[repeat.Pick % Accepted.Count].MessageId;
        if (!repeat.SamePayload) message.Payload = ByteString.CopyFrom([.. message.Payload.Span, 0xFA, 0x06, 0x00]);
        return message;
    }

    async Task<List<string>> ReadAsync()
    {
        var ids = new List<string>();
        while (await _cursor!.HasMoreNowAsync())
            while (_cursor.TryRead(out var record))
            {
                _projection.Apply(record.Envelope);
                ids.Add(record.MessageId);
            }
        return ids;
    }
}
