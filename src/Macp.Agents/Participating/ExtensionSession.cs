using Macp.Client;
using Macp.Modes;

namespace Macp.Agents;

/// <summary>
/// A session of a mode that is known by its name only, such as one that was registered with the runtime: its messages are sent by type and payload
/// (<see cref="ModeSession{TProjection}.SendAsync(string, Google.Protobuf.ByteString, MacpCallOptions, CancellationToken)"/>), and the commitment ends it.
/// </summary>
/// <param name="client">The connection.</param>
/// <param name="mode">The mode's identifier.</param>
/// <param name="options">The session's id, the versions it binds, 1.0.0 of the mode unless told, and its credential.</param>
public sealed class ExtensionSession(MacpClient client, string mode, SessionOptions? options = null)
    : ModeSession<TranscriptProjection>(client, Describe(mode), new(mode), options)
{
    static ModeDescriptor Describe(string mode)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(mode);
        return new()
        {
            Identifier = mode,
            Version = "1.0.0",
            Title = mode,
            Description = "A mode that is known by its name only.",
            Participants = ParticipantModel.Declared,
            Determinism = DeterminismClass.StructuralOnly,
            MinimumParticipants = 0,
            Phases = Enum.GetNames<TranscriptProjection.Progress>(),
            CommittedPhase = nameof(TranscriptProjection.Progress.Committed),
            Messages = [],
        };
    }
}
