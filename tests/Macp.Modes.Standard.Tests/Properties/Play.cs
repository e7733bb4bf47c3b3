using System.Text;
using Macp.Wire.V1;

namespace Macp.Modes.Standard.Tests.Properties;

/// <summary>What one message came to: judged by the handler and by the static code, and seen by a projection.</summary>
/// <param name="Message">The message.</param>
/// <param name="Verdict">The handler's.</param>
/// <param name="TwinVerdict">The static validator's, on a state of its own.</param>
/// <param name="IsLate">Whether the session was committed before.</param>
/// <param name="Before">The handler's state before.</param>
/// <param name="Judged">The handler's state when it had decided, and folded nothing yet.</param>
/// <param name="After">The handler's state in the end.</param>
/// <param name="Projected">The projection's.</param>
public sealed record Moment(Envelope Message, Verdict Verdict, Verdict TwinVerdict, bool IsLate, string Before, string Judged, string After, string Projected)
{
    public bool IsAccepted => Verdict.Rejection is null;

    public override string ToString() => $"{Message.MessageType} of {Message.Sender} [{Convert.ToHexString(Message.Payload.Span)}]: {(IsAccepted ? "accepted" : Verdict.Rejection!.ToString())}";
}

/// <summary>A random sequence, played against one session of a mode without a kernel.</summary>
public sealed class Play
{
    public Play(Subject subject, IEnumerable<Attempt> attempts)
    {
        Subject = subject;
        Handler = subject.Mode.Open(subject.NewSession());
        Twin = subject.NewTwin();
        var projection = subject.NewProjection();
        projection.Apply(subject.Start);
        foreach (var attempt in attempts) Take(attempt.ToEnvelope(subject, Handler, subject.Start.SessionId, Accepted, $"m{Moments.Count + 1}"), projection);
    }

    public Subject Subject { get; }

    public SessionHandler Handler { get; }

    /// <summary>The state of the static code, folded from the payloads that the validator returned.</summary>
    public Twin Twin { get; }

    public List<Moment> Moments { get; } = [];

    public List<Envelope> Accepted { get; } = [];

    void Take(Envelope message, IProjection projection)
    {
        var context = MessageContext.Of(message);
        bool isLate = Handler.IsCommitted;
        string before = Spy.StateOf(Handler);
        var verdict = Handler.Decide(context, message.Payload);
        var twinVerdict = Twin.Decide(context, message.Payload);
        string judged = Spy.StateOf(Handler);
        if (verdict.Rejection is null)
        {
            Handler.Evolve(context, verdict.Payload!);
            // What the twin returned: the laws are about to compare it.
            if (twinVerdict.Payload is { } payload) Twin.Evolve(context, payload);
            projection.Apply(message);
            Accepted.Add(message);
        }
        Moments.Add(new(message, verdict, twinVerdict, isLate, before, judged, Spy.StateOf(Handler), projection.ToJson()));
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var moment in Moments) text.AppendLine($"  {moment}");
        return text.Append($"  state: {Spy.StateOf(Handler)}").ToString();
    }
}
