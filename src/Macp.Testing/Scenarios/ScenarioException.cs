namespace Macp.Testing;

/// <summary>A step of a <see cref="Scenario{TSession}"/> did not go as it was to.</summary>
/// <param name="step">Which step, from 1.</param>
/// <param name="expected">What was to be.</param>
/// <param name="actual">What came instead.</param>
/// <param name="transcript">The session's history by then, a message a line.</param>
/// <param name="innerException">What caused it; null where nothing threw.</param>
public sealed class ScenarioException(int step, string expected, string actual, string transcript, Exception? innerException = null)
    : Exception($"Step {step}: expected that {expected}; but {actual}\nThe session so far:\n{transcript}", innerException)
{
    /// <summary>Which step, from 1.</summary>
    public int Step { get; } = step;

    /// <summary>What was to be.</summary>
    public string Expected { get; } = expected;

    /// <summary>What came instead.</summary>
    public string Actual { get; } = actual;

    /// <summary>The session's history by then, a message a line: its place, sender, type and id.</summary>
    public string Transcript { get; } = transcript;
}
