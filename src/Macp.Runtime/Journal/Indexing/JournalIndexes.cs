using Macp.Wire.Journal.V1;

namespace Macp.Runtime;

/// <summary>
/// The indexes of all closed segments: where the sessions that have ended are found again. A segment is indexed once it is closed, in the background;
/// until then its sessions are still in memory. Readers take no lock.
/// </summary>
sealed class JournalIndexes
{
    readonly IJournalFolder _folder;
    readonly Action<Exception> _failed;
    readonly Action<JournalFault> _damaged;
    readonly Lock _gate = new();
    volatile SegmentIndex[] _segments;
    readonly IReadOnlySet<string> _startless;
    readonly Queue<long> _closed = new();
    long _keptFrom = long.MinValue;
    Task _work = Task.CompletedTask;

    /// <param name="folder">The journal's folder.</param>
    /// <param name="recovery">What the journal held when it was opened.</param>
    /// <param name="failed">Told when an index cannot be made or written: it is tried again at the next start.</param>
    /// <param name="damaged">Told of damage to what is read.</param>
    public JournalIndexes(IJournalFolder folder, JournalRecovery recovery, Action<Exception> failed, Action<JournalFault> damaged)
    {
        (_folder, _failed, _damaged) = (folder, failed, damaged);
        (_segments, _startless) = ([.. recovery.Indexes], recovery.Startless);
        Work(WriteAll);
    }

    /// <summary>How many segments there are, but for those that were removed.</summary>
    public long Kept => _segments.LongCount(segment => !segment.IsRemoved);

    /// <summary>Whether what stands in this segment is found here.</summary>
    public bool Cover(long segment) => Find(_segments, segment) is not null;

    /// <summary>A segment was closed.</summary>
    public void Close(long segment) => Work(() => IndexAfter(segment));

    /// <summary>Waits for what is done in the background.</summary>
    public Task WhenIdleAsync()
    {
        lock (_gate) return _work;
    }

    /// <summary>Whether a session with this id ended, also if nothing else is known of it any more.</summary>
    public bool Know(string sessionId)
    {
        if (_startless.Contains(sessionId)) return true;
        ulong fingerprint = SegmentIndexFormat.FingerprintOf(sessionId);
        foreach (var segment in _segments)
            if (segment.MayHold(fingerprint) && IsHeld(segment, sessionId, fingerprint)) return true;
        return false;
    }

    /// <summary>A session that has ended; null when there is none with this id, or it was removed.</summary>
    /// <exception cref="IOException">The disk fails.</exception>
    /// <exception cref="InvalidDataException">The index is damaged, or the session's start.</exception>
    public StoredSession? Recall(string sessionId)
    {
        if (_startless.Contains(sessionId)) throw StartDamaged(sessionId);
        ulong fingerprint = SegmentIndexFormat.FingerprintOf(sessionId);
        return Look(segments =>
        {
            foreach (var segment in segments)
                if (segment.MayHold(fingerprint) && segment.FindFinished(sessionId, fingerprint) is { } place)
                    return IsKept(place.EndedAtUnixMs) ? Read(segment, place) : null;
            return null;
        });
    }

    /// <summary>The ids of the sessions that have ended and that a reader may read, in ordinal order, after this one.</summary>
    /// <param name="reader">Who reads; null for all of them.</param>
    /// <param name="afterId">The id.</param>
    public IEnumerable<string> FinishedAfter(string? reader, string afterId)
    {
        var lists = Look(segments => segments.Select(segment => segment.Finished).ToList());
        return OrdinalMerge.Of(lists.Select(list => list.After(reader, afterId).Where(finished => IsKept(finished.EndedAt)).Select(finished => finished.SessionId)));
    }

    /// <summary>
    /// Removes the sessions that ended before this time, in Unix milliseconds: nobody is told of them any more. A segment goes when all that had records in it
    /// are removed.
    /// </summary>
    public void RemoveFinishedBefore(long time)
    {
        Volatile.Write(ref _keptFrom, Math.Max(time, Volatile.Read(ref _keptFrom)));
        Work(() => RemoveSegments(time));
    }

    /// <summary>Where that cannot be found out, an id that may be taken is.</summary>
    static bool IsHeld(SegmentIndex segment, string sessionId, ulong fingerprint)
    {
        try
        {
            return segment.IsRemoved || segment.FindFinished(sessionId, fingerprint) is not null;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return true;
        }
    }

    void RemoveSegments(long time)
    {
        SegmentIndex[] past = [.. _segments.Where(segment => segment is { IsRemoved: false, IsDamaged: false } && segment.LastEndedAt < time)];
        if (past.Length == 0) return;
        var left = GoingOnAfter(past, time);
        foreach (var segment in past.Where(segment => !segment.Unfinished.Any(left.Contains))) Remove(segment);
    }

    void Remove(SegmentIndex segment)
    {
        segment.Write();
        SegmentRemoval.Remove(_folder, segment.Segment, Replace);
    }

    /// <summary>Looks into the segments, and again where one was removed meanwhile: what stays of it is seen before its files go.</summary>
    T Look<T>(Func<SegmentIndex[], T> look)
    {
        while (true)
        {
            var segments = _segments;
            try
            {
                return look(segments);
            }
            catch (IOException) when (segments != _segments)
            {
                // It is not there any more; the next look knows.
            }
        }
    }

    bool IsKept(long endedAt) => endedAt >= Volatile.Read(ref _keptFrom);

    /// <summary>The sessions that went on after one of these segments, and did not end before this time.</summary>
    HashSet<ulong> GoingOnAfter(SegmentIndex[] segments, long time)
    {
        var left = segments.SelectMany(segment => segment.Unfinished).ToHashSet();
        foreach (var later in _segments.SkipWhile(later => later.Segment <= segments[0].Segment).TakeWhile(_ => left.Count > 0)) left.ExceptWith(later.EndedBefore(time, left));
        return left;
    }

    StoredSession? Read(SegmentIndex segment, Place place)
    {
        var parts = new Stack<(SegmentIndex Segment, Place Place)>([(segment, place)]);
        foreach (var earlier in _segments.TakeWhile(s => s.Segment < segment.Segment).Reverse().TakeWhile(_ => parts.Peek().Place.Position > 0))
        {
            if (earlier.IsRemoved && earlier.Unfinished.Contains(place.Session)) return null;
            if (earlier.FindUnfinished(place.Session) is { } before) parts.Push((earlier, before));
        }
        var session = new StoredSession((long)place.Session);
        foreach (var part in parts) Read(part.Segment, part.Place, session);
        if (!session.HasEnded) session.Damage();
        return session.Records.Count > 0 ? session : throw StartDamaged(place.SessionId);
    }

    static InvalidDataException StartDamaged(string sessionId) => new($"the start of session '{sessionId}' is damaged");

    void Read(SegmentIndex segment, Place place, StoredSession session)
    {
        using var file = new BatchFile(_folder, segment);
        foreach (long offset in place.Offsets)
        {
            if (file.Read(offset) is not { } records)
            {
                _damaged(file.Fault(offset));
                session.Damage();
                continue;
            }
            foreach (var entry in JournalCodec.Split(records))
                if (new EntryPeek(entry.Span).Session == place.Session) session.Add(JournalCodec.Parse(entry.Span).Session);
        }
    }

    /// <summary>Indexes what was closed, each after all before it: a session that ends here may have started there. What fails is tried again with the next.</summary>
    void IndexAfter(long segment)
    {
        _closed.Enqueue(segment);
        for (; _closed.TryPeek(out segment); _closed.Dequeue())
        {
            byte[] index = SegmentIndexer.TryMake(_folder, segment, session => SegmentIndex.FindStart(_segments, session))
                ?? throw new InvalidDataException($"{SegmentWriter.NameOf(segment)} is damaged");
            Replace(SegmentIndex.Of(index, _folder, isLasting: true, out _));
        }
        WriteAll();
    }

    void WriteAll()
    {
        foreach (var segment in _segments) segment.Write();
    }

    void Replace(SegmentIndex made)
    {
        lock (_gate) _segments = [.. _segments.Where(s => s.Segment != made.Segment).Append(made).OrderBy(s => s.Segment)];
    }

    /// <summary>Does something in the background, after what was to be done before it.</summary>
    void Work(Action action)
    {
        lock (_gate) _work = _work.ContinueWith(_ => Try(action), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            _failed(e);
        }
    }

    static SegmentIndex? Find(SegmentIndex[] segments, long segment)
    {
        int low = 0, high = segments.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (segments[middle].Segment == segment) return segments[middle];
            if (segments[middle].Segment < segment) low = middle + 1;
            else high = middle - 1;
        }
        return null;
    }
}
