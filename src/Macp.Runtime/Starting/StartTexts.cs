using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>Makes a start use texts that other sessions have already: what it brings is kept as long as its session.</summary>
static class StartTexts
{
    public static void Share(Envelope start, KernelMode mode) =>
        (start.Mode, start.MessageType, start.Sender) = (mode.Identifier, MessageTypes.SessionStart, SharedTexts.Of(start.Sender));

    public static void Share(SessionStartPayload start)
    {
        var participants = start.Participants;
        for (int i = 0; i < participants.Count; i++) participants[i] = SharedTexts.Of(participants[i]);
        start.ConfigurationVersion = SharedTexts.Of(start.ConfigurationVersion);
    }
}
