using Macp.Wire.Journal.V1;

namespace Macp.Runtime;

/// <summary>A session as a journal holds it.</summary>
/// <param name="number">What the journal calls it.</param>
/// <param name="policies">The policies of those that are read with it; null for one that is read alone.</param>
sealed class StoredSession(long number, StoredPolicies? policies = null)
{
    readonly StoredPolicies _policies = policies ?? new();
    readonly List<HistoryRecord> _records = [];
    bool _isDamaged, _isSuspect;

    public long Number => number;

    public IReadOnlyList<HistoryRecord> Records => _records;

    /// <summary>Whether its last record is there.</summary>
    public bool HasEnded => _records.Count > 0 && _records[^1].EndsSession;

    /// <summary>Whether records of it are missing, or may be: it can be read, and takes no more.</summary>
    public bool IsReadOnly => _isDamaged || _isSuspect;

    public void Add(SessionRecord stored)
    {
        // What comes after a gap says nothing without what is missing.
        if (_isDamaged |= (int)stored.Position != _records.Count) return;
        _isSuspect = false;
        var last = _records.Count == 0 ? null : _records[^1];
        bool isAnnotation = (RecordKind)stored.Kind is RecordKind.Annotation;
        _records.Add(JournalCodec.ToRecord(stored, last is null ? null : _records[0], (last?.Ordinal ?? 0) + (isAnnotation ? 0 : 1), _policies));
    }

    /// <summary>Something of the journal is missing here: of this session, unless it has ended, or its next record shows that it is whole.</summary>
    public void Suspect() => _isSuspect = !HasEnded;

    /// <summary>Something of this session is missing here.</summary>
    public void Damage() => _isDamaged = true;
}
