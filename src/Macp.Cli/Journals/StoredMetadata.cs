using Macp.Runtime;
using Macp.Wire.V1;

namespace Macp.Cli.Journals;

/// <summary>What a runtime would tell of a session, as far as its start says it: the deadline is the one that was bound, which suspensions may have put off.</summary>
static class StoredMetadata
{
    public static SessionMetadata Of(ArchivedSession session)
    {
        var (start, binding) = (session.Start, session.Start.Binding!);
        var declared = SessionStartPayload.Parser.ParseFrom(start.Payload);
        return new()
        {
            SessionId = session.SessionId,
            Mode = session.Mode,
            State = session.State,
            Initiator = start.Sender,
            Participants = { declared.Participants },
            StartedAtUnixMs = start.AcceptedAtUnixMs,
            ExpiresAtUnixMs = binding.ExpiresAtUnixMs,
            ModeVersion = binding.ModeVersion,
            ConfigurationVersion = declared.ConfigurationVersion,
            PolicyVersion = binding.Policy.Id,
            ContextId = declared.ContextId,
            ExtensionKeys = { declared.Extensions.Keys.Order(StringComparer.Ordinal) },
        };
    }
}
