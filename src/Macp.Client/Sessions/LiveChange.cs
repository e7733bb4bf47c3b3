using Macp.Modes;
using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>One thing that happened in a live session, as its projection took it.</summary>
public sealed record LiveChange
{
    /// <summary>What the stream brought: an accepted message, or an annotation of the runtime.</summary>
    public required SessionStreamItem Item { get; init; }

    /// <summary>The message or the annotation itself.</summary>
    public required Envelope Envelope { get; init; }

    /// <summary>What it came to in the projection.</summary>
    public required ProjectionResult Result { get; init; }

    /// <summary>The phase before it, by the name that the mode declares.</summary>
    public required string PhaseBefore { get; init; }

    /// <summary>The phase after it.</summary>
    public required string Phase { get; init; }

    /// <summary>The session's state after it.</summary>
    public required SessionState State { get; init; }

    /// <summary>Whether it moved the phase.</summary>
    public bool IsPhaseChange => Phase != PhaseBefore;

    /// <summary>Whether the session ended by it.</summary>
    public bool IsTerminal => State.IsTerminal();
}
