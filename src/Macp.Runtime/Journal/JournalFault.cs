namespace Macp.Runtime;

/// <summary>Something of a journal that cannot be read.</summary>
/// <param name="Segment">The segment's number.</param>
/// <param name="Offset">Where in it, in bytes.</param>
/// <param name="Bytes">How many bytes.</param>
/// <param name="IsTorn">Whether it was only being written: nobody was told that it was kept.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record JournalFault(long Segment, long Offset, long Bytes, bool IsTorn, string Reason);
