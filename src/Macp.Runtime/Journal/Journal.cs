using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Macp.Wire.Journal.V1;

namespace Macp.Runtime;

/// <summary>
/// Makes records of all sessions durable, as many as there are with one write and one sync (group commit). One thread writes; whoever appends goes on at
/// once, and is told what became of it.
/// </summary>
sealed class Journal : IDisposable
{
    // Larger batches gain nothing, and what is being written delays what comes next.
    const int BatchBytes = 4 * 1024 * 1024;

    readonly SegmentWriter _writer;
    readonly Action<Exception> _fault;
    readonly ConcurrentQueue<JournalAppend> _queue = new();
    readonly AutoResetEvent _arrived = new(false);
    readonly ArrayBufferWriter<byte> _bytes = new(64 * 1024);
    readonly List<JournalAppend> _batch = [];
    readonly Thread _thread;
    int _isAwake;

    // In Unix milliseconds: the oldest record of the newest segment, and from when on it is old enough to be closed.
    long _oldest = long.MaxValue, _closesBefore = long.MinValue;
    volatile bool _isClosing, _isClosed;

    public Journal(SegmentWriter writer, Action<Exception> fault)
    {
        (_writer, _fault) = (writer, fault);
        _thread = new(Run) { IsBackground = true, Name = "macp journal" };
        _thread.Start();
    }

    /// <summary>Measures it; null for nobody.</summary>
    public JournalMeter? Meter { get; set; }

    /// <summary>Appends: in the order of the calls, as far as one caller is concerned.</summary>
    public void Enqueue(JournalAppend append)
    {
        _queue.Enqueue(append);
        // Between what was done and what is looked at, as on the other side; else both could miss each other.
        Interlocked.MemoryBarrier();
        if (_isClosed) append.Lose(Closed);
        else if (Volatile.Read(ref _isAwake) == 0 && Interlocked.Exchange(ref _isAwake, 1) == 0) _arrived.Set();
    }

    /// <summary>Closes the newest segment if it has a record from before this time, in Unix milliseconds: so that it can be removed, however little is said.</summary>
    public void CloseBefore(long unixMs)
    {
        Volatile.Write(ref _closesBefore, unixMs);
        _arrived.Set();
    }

    /// <summary>Writes what is waiting, and ends. What is appended from then on is lost.</summary>
    public void Dispose()
    {
        _isClosing = true;
        _arrived.Set();
        _thread.Join();
        _writer.Dispose();
    }

    void Run()
    {
        while (Gather() || Sleep())
        {
            CloseIfOld();
            Write();
        }
        _isClosed = true;
        Interlocked.MemoryBarrier();
        while (_queue.TryDequeue(out var late)) late.Lose(Closed);
    }

    static ObjectDisposedException Closed => new(nameof(JournalHistory));

    /// <summary>Waits for appends; false at the end.</summary>
    bool Sleep()
    {
        Volatile.Write(ref _isAwake, 0);
        Interlocked.MemoryBarrier();
        // Whoever came between the last look and the word that it sleeps did not wake it.
        if (_queue.IsEmpty)
        {
            if (_isClosing) return false;
            _arrived.WaitOne();
        }
        Volatile.Write(ref _isAwake, 1);
        return true;
    }

    /// <summary>Takes what is waiting, up to a batch. What was lost with something before it is left out.</summary>
    bool Gather()
    {
        _bytes.ResetWrittenCount();
        _bytes.GetSpan(SegmentFormat.BatchHeaderSize)[..SegmentFormat.BatchHeaderSize].Clear();
        _bytes.Advance(SegmentFormat.BatchHeaderSize);
        while (_bytes.WrittenCount < BatchBytes && _queue.TryDequeue(out var append))
        {
            if (append.IsLost || EntryOf(append) is not { } entry) continue;
            JournalCodec.WriteTo(_bytes, entry);
            _batch.Add(append);
        }
        return _batch.Count > 0;
    }

    /// <summary>What is to be written; null when it cannot be made, which is the fault of one record and must not end the journal of all.</summary>
    Entry? EntryOf(JournalAppend append)
    {
        try
        {
            return append.Entry;
        }
        catch (Exception e)
        {
            append.Lose(e);
            _fault(e);
            return null;
        }
    }

    void CloseIfOld()
    {
        if (_oldest >= Volatile.Read(ref _closesBefore)) return;
        _writer.CloseSegment();
        _oldest = long.MaxValue;
    }

    void Write()
    {
        if (_batch.Count == 0) return;
        try
        {
            _writer.Append(MemoryMarshal.AsMemory(_bytes.WrittenMemory).Span, _batch.Count);
            Meter?.Written(_batch.Count, _bytes.WrittenCount, _writer.SyncDuration);
            foreach (var append in _batch)
            {
                append.Keep(_writer.Segment);
                _oldest = Math.Min(_oldest, append.At);
            }
        }
        catch (Exception e)
        {
            foreach (var append in _batch) append.Lose(e);
            _fault(e);
        }
        _batch.Clear();
    }
}
