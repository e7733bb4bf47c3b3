namespace Macp.Runtime;

/// <summary>How much of a journal was read.</summary>
/// <param name="Segments">How many segments.</param>
/// <param name="Batches">How many batches that are whole.</param>
/// <param name="Records">How many records in them, of sessions and of whatever else.</param>
/// <param name="Bytes">How many bytes the segments have.</param>
public readonly record struct JournalExtent(long Segments, long Batches, long Records, long Bytes);
