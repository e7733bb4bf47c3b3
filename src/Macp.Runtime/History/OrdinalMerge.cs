namespace Macp.Runtime;

/// <summary>Merges what is in ordinal order.</summary>
static class OrdinalMerge
{
    /// <summary>All of these texts in ordinal order, each once. Each sequence is in that order by itself, and is read no further than is asked for.</summary>
    public static IEnumerable<string> Of(IEnumerable<IEnumerable<string>> sequences)
    {
        var next = new PriorityQueue<IEnumerator<string>, string>(StringComparer.Ordinal);
        foreach (var sequence in sequences) Enqueue(sequence.GetEnumerator());
        string? last = null;
        while (next.TryDequeue(out var sequence, out string? text))
        {
            if (text != last) yield return text;
            last = text;
            Enqueue(sequence);
        }

        void Enqueue(IEnumerator<string> sequence)
        {
            if (sequence.MoveNext()) next.Enqueue(sequence, sequence.Current);
        }
    }
}
