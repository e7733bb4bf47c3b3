using System.Diagnostics;
using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>
/// The spans of the kernel. A span of a session is the child of its caller's, where there is one, and linked to the place in a trace at which the session
/// began, which stands in its history: so they join across restarts. Neither payloads nor credentials are told.
/// </summary>
static class KernelSpans
{
    public const string Send = "macp.send", Control = "macp.control", Due = "macp.due", Recover = "macp.recover";

    public const string SessionTag = "macp.session_id", ModeTag = "macp.mode", TypeTag = "macp.message_type", MessageTag = "macp.message_id",
        OperationTag = "macp.operation", OutcomeTag = "macp.outcome", CodeTag = "macp.error_code", SessionsTag = "macp.sessions";

    // Of what a client may have written at any length.
    const int LongestText = 256;

    static readonly ActivitySource Source = new(MacpTelemetry.ActivitySourceName);

    /// <summary>Whether anybody listens.</summary>
    public static bool AreHeard => Source.HasListeners();

    /// <summary>An envelope is judged.</summary>
    public static Activity? BeginSend(Envelope envelope, ActivityContext caller) =>
        Source.StartActivity(Send, ActivityKind.Internal, caller)
            .With(SessionTag, envelope.SessionId).With(ModeTag, envelope.Mode).With(TypeTag, envelope.MessageType).With(MessageTag, envelope.MessageId);

    /// <summary>A session is cancelled, suspended or resumed.</summary>
    public static Activity? BeginControl(string operation, string sessionId, ActivityContext caller) =>
        Source.StartActivity(Control, ActivityKind.Internal, caller).With(SessionTag, sessionId).With(OperationTag, operation);

    /// <summary>A start takes up what the history holds.</summary>
    public static Activity? BeginRecover() => Source.StartActivity(Recover);

    /// <summary>What came due is appended: by whoever touches the session, or by the runtime itself.</summary>
    public static Activity? BeginDue(HistoryRecord start, HistoryRecord record)
    {
        if (!AreHeard) return null;
        var (caller, began) = (Activity.Current?.Context ?? default, BeginningOf(start));
        return Source.StartActivity(Due, ActivityKind.Internal, caller == default ? began : caller)
            .LinkedTo(caller == default ? default : began)
            .With(SessionTag, record.SessionId).With(ModeTag, record.Mode).With(TypeTag, record.MessageType).With(MessageTag, record.MessageId);
    }

    /// <summary>The span in which this runs has come to the session that it is about.</summary>
    public static void Join(HistoryRecord start)
    {
        if (Activity.Current is not { IsAllDataRequested: true } span || span.Source != Source || span.GetTagItem(SessionTag) as string != start.SessionId) return;
        var began = BeginningOf(start);
        span.With(ModeTag, start.Mode);
        if (began.SpanId != span.SpanId && !span.Links.Any(link => link.Context == began)) span.LinkedTo(began);
    }

    /// <summary>What the span is about was answered.</summary>
    public static void Answered(this Activity? span, Ack ack)
    {
        if (ack.Ok) span.With(OutcomeTag, ack.Duplicate ? "duplicate" : "accepted");
        else span.Refused(ack.Error.Code);
    }

    /// <inheritdoc cref="Answered(Activity, Ack)"/>
    public static void Answered(this Activity? span, Outcome<Ack> outcome)
    {
        if (outcome.Succeeded(out var ack, out var failure)) span.Answered(ack);
        else span.Refused(CodeOf(failure.Kind).Value);
    }

    /// <summary>The mode decided about what came due.</summary>
    public static void Decided(this Activity? span, Rejection? rejection)
    {
        if (rejection is null) span.With(OutcomeTag, "accepted");
        else span.Refused(rejection.Code.Value);
    }

    /// <summary>So many sessions were taken up.</summary>
    public static void TookUp(this Activity? span, int sessions) => span?.SetTag(SessionsTag, sessions);

    static void Refused(this Activity? span, string code) => span.With(OutcomeTag, "refused").With(CodeTag, code);

    static Activity? With(this Activity? span, string tag, string text) =>
        span is { IsAllDataRequested: true } ? span.SetTag(tag, text.Length <= LongestText ? text : text[..LongestText]) : span;

    static Activity? LinkedTo(this Activity? span, ActivityContext context) => context == default ? span : span?.AddLink(new(context));

    static ActivityContext BeginningOf(HistoryRecord start) => TraceContext.Read(start.Binding?.TraceParent);

    static ErrorCode CodeOf(FailureKind kind) => kind switch
    {
        FailureKind.Unauthenticated => ErrorCode.Unauthenticated,
        FailureKind.NotFound => ErrorCode.SessionNotFound,
        FailureKind.PermissionDenied => ErrorCode.Forbidden,
        FailureKind.HistoryUnavailable => ErrorCode.HistoryUnavailable,
        _ => ErrorCode.InternalError,
    };
}
