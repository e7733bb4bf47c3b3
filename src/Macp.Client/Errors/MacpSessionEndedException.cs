using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>The session came to its end before what was waited for.</summary>
/// <param name="state">How it ended.</param>
/// <param name="what">What was waited for, in words.</param>
public sealed class MacpSessionEndedException(SessionState state, string what)
    : MacpException($"The session ended before {what}: it is {state}. A session that has ended stays so; start another one.")
{
    /// <summary>How it ended: resolved, expired or cancelled.</summary>
    public SessionState State { get; } = state;
}
