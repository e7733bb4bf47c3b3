namespace Macp.Runtime;

/// <summary>What came of deciding the history of one session again.</summary>
/// <param name="Messages">How many messages were decided, the start and what came due included.</param>
/// <param name="Differences">What would be decided differently, in the order of the history.</param>
/// <param name="Undecided">Why the history, or its rest, cannot be decided here, in words; null when all of it was.</param>
public sealed record ReplayOutcome(int Messages, IReadOnlyList<ReplayDifference> Differences, string? Undecided);
