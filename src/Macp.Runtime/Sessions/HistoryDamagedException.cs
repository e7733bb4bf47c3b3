namespace Macp.Runtime;

/// <summary>A part of a session's history is damaged: what came before it was read, and what followed never can be.</summary>
public sealed class HistoryDamagedException() : Exception("a part of the session's history is damaged; what followed cannot be read any more");
