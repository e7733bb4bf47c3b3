namespace Macp.Wire.Journal.V1;

sealed partial class Place
{
    /// <summary>Where the batches that hold records of the session begin, in bytes from the segment's beginning, in their order.</summary>
    public IEnumerable<long> Offsets
    {
        get
        {
            long offset = 0;
            foreach (ulong step in Batches) yield return offset += (long)step;
        }
    }
}
