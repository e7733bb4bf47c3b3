using System.Globalization;
using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>Decides a stored start again, as far as the history binds what its decision depended on.</summary>
static class StartReplay
{
    static readonly PayloadReader<SessionStartPayload> Payloads = new();

    /// <summary>The session after its start; null where that cannot be said, with the reason.</summary>
    public static SessionFold? Open(HistoryRecord start, KernelMode mode, Differences differences, out string? undecided)
    {
        var (envelope, binding) = (start.Envelope, start.Binding!);
        var refused = EnvelopeShape.Check(envelope, int.MaxValue) ?? AdmissionRules.CheckSessionId(envelope.SessionId);
        var unreadable = Payloads.Read(start.Payload, out var payload);
        if (unreadable is not null) return Closed(refused ?? unreadable, out undecided);

        // Whether a registered mode was promoted by then is not bound: what is asked of a start in any case is asked again.
        refused ??= (mode.IsOpaque ? AdmissionRules.CheckTimeToLive(payload.TtlMs) : AdmissionRules.CheckStart(payload)) ?? StartRules.CheckDeadline(DeadlineOf(envelope, payload, start), start.AcceptedAtUnixMs);
        if (mode.IsOpaque && payload.ModeVersion.Length == 0) payload.ModeVersion = mode.Version;
        if (refused is null) CompareBinding(start, payload, differences);
        if (binding.Policy.Definition!.Bind(mode.Identifier, mode.Governance, out var policy) is { } misfit)
            return Closed(refused ?? new(ErrorCode.InvalidPolicyDefinition, $"{misfit.Path}: {misfit.Reason}"), out undecided);

        payload.ModeVersion = mode.Version;
        var handler = mode.Open(new SessionContext(envelope, payload, policy));
        refused ??= handler.CanStart();
        if (refused is not null) differences.Refused(start, refused);
        undecided = null;
        return new(start, payload, handler, mode);

        SessionFold? Closed(Rejection rejection, out string? undecided)
        {
            differences.Refused(start, rejection);
            undecided = "there is no session without its start";
            return null;
        }
    }

    static void CompareBinding(HistoryRecord start, SessionStartPayload payload, Differences differences)
    {
        var binding = start.Binding!;
        differences.Compare(start,
            ("ordinal", Text(start.Ordinal), "1"),
            ("mode_version", binding.ModeVersion, payload.ModeVersion),
            ("policy_version", binding.Policy.Id, payload.PolicyVersion is "" ? MacpProtocol.DefaultPolicyVersion : payload.PolicyVersion),
            ("expires_at_unix_ms", Text(binding.ExpiresAtUnixMs), Text(DeadlineOf(start.Envelope, payload, start))),
            ("max_suspend_ms", Text(binding.MaxSuspendMs), Text(StartRules.MaxSuspendOf(payload))));
    }

    /// <summary>How far ahead a timestamp may be is the host's to say and not bound: of the two deadlines that it decides between, the bound one is right.</summary>
    static long DeadlineOf(Envelope envelope, SessionStartPayload payload, HistoryRecord start)
    {
        long most = StartRules.DeadlineOf(envelope, payload, start.AcceptedAtUnixMs, TimeSpan.MaxValue);
        return start.Binding!.ExpiresAtUnixMs == most ? most : StartRules.DeadlineOf(envelope, payload, start.AcceptedAtUnixMs, TimeSpan.Zero);
    }

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
