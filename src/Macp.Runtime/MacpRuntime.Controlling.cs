using System.Diagnostics;
using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>Cancel, suspend, resume (RFC-MACP-0001 section 7).</summary>
public sealed partial class MacpRuntime
{
    /// <summary>Cancels a session. To cancel one that has ended is no error: the ack tells its state.</summary>
    /// <param name="identity">The initiator, or whoever may commit under the bound policy.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="reason">Free text, kept in the history; may be empty. One that makes the record larger than a payload may be is refused with a nack.</param>
    public ValueTask<Outcome<Ack>> CancelAsync(Identity? identity, string sessionId, string reason) => CancelAsync(identity, sessionId, reason, default);

    /// <inheritdoc cref="CancelAsync(Identity, string, string)"/>
    /// <param name="identity">The initiator, or whoever may commit under the bound policy.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="reason">Free text, kept in the history; may be empty.</param>
    /// <param name="caller">Where in a trace the caller is; the default for where <see cref="Activity.Current"/> is.</param>
    public ValueTask<Outcome<Ack>> CancelAsync(Identity? identity, string sessionId, string reason, ActivityContext caller) =>
        ControlAsync("cancel", identity, sessionId, caller, session => session.CancelAsync(ControlBy(identity!, reason)));

    /// <summary>
    /// Suspends an open session; any other state is a nack with <c>SESSION_NOT_OPEN</c>. It counts as a message of whoever does it; see
    /// <see cref="CancelAsync(Identity, string, string)"/> for who may.
    /// </summary>
    public ValueTask<Outcome<Ack>> SuspendAsync(Identity? identity, string sessionId, string reason) => SuspendAsync(identity, sessionId, reason, default);

    /// <inheritdoc cref="SuspendAsync(Identity, string, string)"/>
    public ValueTask<Outcome<Ack>> SuspendAsync(Identity? identity, string sessionId, string reason, ActivityContext caller) =>
        ControlAsync("suspend", identity, sessionId, caller, session => session.SuspendAsync(ControlBy(identity!, reason)));

    /// <summary>
    /// Resumes a suspended session; any other state is a nack with <c>SESSION_NOT_OPEN</c>. It counts as a message of whoever does it; see
    /// <see cref="CancelAsync(Identity, string, string)"/> for who may.
    /// </summary>
    public ValueTask<Outcome<Ack>> ResumeAsync(Identity? identity, string sessionId, string reason) => ResumeAsync(identity, sessionId, reason, default);

    /// <inheritdoc cref="ResumeAsync(Identity, string, string)"/>
    public ValueTask<Outcome<Ack>> ResumeAsync(Identity? identity, string sessionId, string reason, ActivityContext caller) =>
        ControlAsync("resume", identity, sessionId, caller, session => session.ResumeAsync(ControlBy(identity!, reason)));

    Control ControlBy(Identity identity, string reason) => new(identity.Sender, reason, Now, _rates, _options.MaxPayloadBytes);

    async ValueTask<Outcome<Ack>> ControlAsync(
        string name, Identity? identity, string sessionId, ActivityContext caller, Func<Session, ValueTask<Outcome<Ack>>> operation)
    {
        using var span = KernelSpans.BeginControl(name, sessionId, caller);
        var outcome = await FindAsync(identity, sessionId, operation).ConfigureAwait(false);
        span.Answered(outcome);
        return outcome;
    }
}
