using System.Diagnostics;

namespace Macp.Benchmarks.Journals;

/// <summary>What the disk can do by itself: append so many records of a message's size and sync, again and again, in a file beside the journals.</summary>
static class DiskControl
{
    const int RecordBytes = 240;

    /// <summary>Records made durable a second.</summary>
    public static double Measure(string folder, int recordsASync)
    {
        using var file = File.OpenHandle(Path.Combine(folder, "control"), FileMode.Create, FileAccess.Write);
        byte[] batch = new byte[RecordBytes * recordsASync];
        Random.Shared.NextBytes(batch);
        long offset = 0, records = 0;
        var time = Stopwatch.StartNew();
        for (; time.Elapsed < TimeSpan.FromSeconds(2); records += recordsASync)
        {
            RandomAccess.Write(file, batch, offset);
            RandomAccess.FlushToDisk(file);
            offset += batch.Length;
        }
        return records / time.Elapsed.TotalSeconds;
    }
}
