using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace Macp.Runtime;

/// <summary>
/// Appends batches to the newest segment of a journal. A batch is durable when its append returns. After a failed one nobody knows what the disk has:
/// the segment is cut where it was durable, looked at again, and the journal goes on in a new one. Until that has worked, nothing is appended.
/// </summary>
/// <param name="folder">Where segments stand.</param>
/// <param name="segment">The number of the segment that is written next; one after the last that there is.</param>
/// <param name="batch">The number of the batch that is written next.</param>
/// <param name="segmentBytes">After how many bytes a segment is closed.</param>
/// <param name="closed">Told of each segment to which nothing more is written; null for nobody.</param>
sealed class SegmentWriter(IJournalFolder folder, long segment, long batch, long segmentBytes, Action<long>? closed = null) : IDisposable
{
    IJournalFile? _file;
    long _number = segment, _nextBatch = batch, _end;
    uint _salt;
    bool _isSuspect;

    /// <summary>The number of the segment in which the last batch stands, or the next one will.</summary>
    public long Segment => _number;

    /// <summary>How long the disk took to sync the last batch.</summary>
    public TimeSpan SyncDuration { get; private set; }

    /// <summary>What a segment's file is called.</summary>
    public static string NameOf(long number) => string.Create(CultureInfo.InvariantCulture, $"{number:D12}.segment");

    /// <summary>The number of a segment's file; null of another file.</summary>
    public static long? NumberOf(string name) =>
        long.TryParse(Path.GetFileNameWithoutExtension(name.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number > 0 && name == NameOf(number)
            ? number
            : null;

    /// <summary>Makes a batch durable. Room for its header stands before the records, and is filled here.</summary>
    /// <exception cref="IOException">Nothing of it was kept.</exception>
    public void Append(Span<byte> batch, int records)
    {
        if (_isSuspect) Cut();
        if (_file is null || _end >= segmentBytes) Begin();
        var body = batch[SegmentFormat.BatchHeaderSize..];
        SegmentFormat.WriteBatchHeader(batch, new(body.Length, records, _nextBatch, Crc32C.Of(body), _salt));
        _isSuspect = true;
        _file!.Write(_end, batch);
        long syncing = Stopwatch.GetTimestamp();
        _file.Sync();
        SyncDuration = Stopwatch.GetElapsedTime(syncing);
        _isSuspect = false;
        _end += batch.Length;
        _nextBatch++;
    }

    /// <summary>Closes the newest segment; the next batch begins another. One whose end is not certain is left to the next batch.</summary>
    public void CloseSegment()
    {
        if (!_isSuspect) Close();
    }

    public void Dispose() => _file?.Dispose();

    /// <summary>Begins the next segment.</summary>
    void Begin()
    {
        Close();
        string name = NameOf(_number);
        // What an attempt that failed has left.
        if (folder.List().Contains(name)) folder.Delete(name);
        var file = folder.Create(name);
        try
        {
            Span<byte> header = stackalloc byte[SegmentFormat.HeaderSize];
            _salt = BinaryPrimitives.ReadUInt32LittleEndian(RandomNumberGenerator.GetBytes(sizeof(uint)));
            SegmentFormat.WriteHeader(header, new(_number, _salt));
            file.Write(0, header);
            file.Sync();
            folder.Sync();
        }
        catch
        {
            file.Dispose();
            throw;
        }
        (_file, _end) = (file, SegmentFormat.HeaderSize);
    }

    /// <summary>Cuts the segment where it was durable; a file whose sync has failed is not trusted again, so it is closed and opened anew.</summary>
    void Cut()
    {
        _file?.Dispose();
        _file = null;
        using (var file = folder.Open(NameOf(_number)))
        {
            file.Truncate(_end);
            file.Sync();
            Verify(file);
        }
        _isSuspect = false;
        // One in which nothing is durable is begun again: while a disk is full, its failures must not leave a file each.
        if (_end > SegmentFormat.HeaderSize) GoOn();
    }

    /// <summary>Looks whether the disk still has what it said that it has.</summary>
    void Verify(IJournalFile file)
    {
        byte[] bytes = new byte[_end];
        bool isWhole = file.Read(0, bytes) == bytes.Length && SegmentFormat.TryReadHeader(bytes, out var header) && header.Number == _number;
        if (!isWhole || new SegmentScan(bytes).Read(1).Any(part => part.Batch is null))
            throw new IOException($"{NameOf(_number)} has lost what was durable");
    }

    void Close()
    {
        if (_file is null) return;
        _file.Dispose();
        _file = null;
        GoOn();
    }

    void GoOn()
    {
        closed?.Invoke(_number);
        _number++;
    }
}
