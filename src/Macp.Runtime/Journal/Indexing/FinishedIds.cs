using Macp.Wire.Journal.V1;

namespace Macp.Runtime;

/// <summary>The sessions that end in one segment, in ordinal order of their ids, for those who list them.</summary>
sealed class FinishedIds
{
    readonly Finished[] _all;
    readonly Dictionary<string, Finished[]> _byReader;

    public FinishedIds(IEnumerable<Place> places)
    {
        var sorted = places.OrderBy(place => place.SessionId, StringComparer.Ordinal).Select(place => (Finished: new Finished(place.SessionId, place.EndedAtUnixMs), place.Readers)).ToList();
        _all = [.. sorted.Select(place => place.Finished)];
        _byReader = sorted.SelectMany(place => place.Readers, (place, reader) => (reader, place.Finished))
            .GroupBy(entry => entry.reader, entry => entry.Finished, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
    }

    /// <summary>Those that a reader may read, after this id.</summary>
    /// <param name="reader">Who reads; null for all of them.</param>
    /// <param name="afterId">The id.</param>
    public IEnumerable<Finished> After(string? reader, string afterId)
    {
        var ids = reader is null ? _all : _byReader.GetValueOrDefault(reader, []);
        for (int i = FirstAfter(ids, afterId); i < ids.Length; i++) yield return ids[i];
    }

    static int FirstAfter(Finished[] ids, string afterId)
    {
        int low = 0, high = ids.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (string.CompareOrdinal(ids[middle].SessionId, afterId) > 0) high = middle;
            else low = middle + 1;
        }
        return low;
    }
}

/// <summary>A session that has ended.</summary>
/// <param name="SessionId">Its id.</param>
/// <param name="EndedAt">When it ended, in Unix milliseconds.</param>
readonly record struct Finished(string SessionId, long EndedAt);
