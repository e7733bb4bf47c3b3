using Macp.Modes.Standard.Tests.Properties;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Modes.Standard.Tests.Preflighting;

/// <summary>
/// One walk of a session, and messages that somebody is about to send all along it. What preflight has once refused stands for every projection that has
/// not come further since.
/// </summary>
sealed class Lagging
{
    readonly IReadOnlyList<Envelope> _messages;
    readonly SessionHandler _handler;
    readonly IProjection _projection;
    readonly HashSet<int> _refused = [], _acceptable = [];

    public Lagging(Subject subject, IReadOnlyList<Envelope> messages)
    {
        // New ids: what is in the history already is a duplicate, and not judged.
        _messages = [.. messages.Select((message, index) => new Envelope(message) { MessageId = $"try{index}" })];
        _handler = subject.Mode.Open(subject.NewSession());
        _projection = subject.NewProjection();
        _projection.Apply(subject.Start);
    }

    /// <summary>How many messages are refused by now.</summary>
    public int Refusals => _refused.Count;

    /// <summary>How many of them would have been accepted at an earlier place.</summary>
    public int Overtaken => _refused.Count(_acceptable.Contains);

    public string State => $"{_handler.IsCommitted} {_handler.Phase} {Spy.StateOf(_handler)}";

    public bool Accepts(Envelope message) => Runtime(message) is null;

    /// <summary>Goes on by an accepted message.</summary>
    public void Follow(Envelope accepted)
    {
        _handler.Evolve(MessageContext.Of(accepted), accepted.Payload);
        _projection.Apply(accepted);
    }

    /// <summary>Goes on, and judges all messages there; what is wrong with that, or null.</summary>
    public string? Accept(Envelope accepted)
    {
        Follow(accepted);
        return Judge();
    }

    public string? Judge()
    {
        for (int i = 0; i < _messages.Count; i++)
        {
            var message = _messages[i];
            var (here, runtime) = (_projection.Preflight(MessageContext.Of(message), message.Payload), Runtime(message));
            if (runtime is null) _acceptable.Add(i);
            if (here is null && _refused.Contains(i)) return Tell(message, "was refused before, and is not any more");
            if (here is null) continue;
            _refused.Add(i);
            if (runtime is null) return Tell(message, $"is refused, {here}, and the runtime accepts it");
            if (here.Code != runtime.Code) return Tell(message, $"is refused, {here}, and the runtime says {runtime}");
        }
        return null;
    }

    // The kernel asks a mode only of sessions that are open.
    Rejection? Runtime(Envelope message) =>
        _handler.IsCommitted ? new(ErrorCode.SessionNotOpen, "committed") : _handler.Decide(MessageContext.Of(message), message.Payload).Rejection;

    string Tell(Envelope message, string what) => $"{message.MessageType} of {message.Sender} [{Convert.ToHexString(message.Payload.Span)}] {what}; in {State}";
}
