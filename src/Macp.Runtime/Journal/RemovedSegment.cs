using System.Globalization;

namespace Macp.Runtime;

/// <summary>What stands in a segment's place once retention has removed it.</summary>
static class RemovedSegment
{
    const string Extension = ".removed";

    public static string NameOf(long number) => string.Create(CultureInfo.InvariantCulture, $"{number:D12}{Extension}");

    /// <summary>The number of the segment; null of another file.</summary>
    public static long? NumberOf(string name) => name.EndsWith(Extension, StringComparison.Ordinal) ? SegmentWriter.NumberOf(Path.ChangeExtension(name, ".segment")) : null;
}
