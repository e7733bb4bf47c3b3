namespace Macp.Cli;

/// <summary>Writes rows in columns as wide as their widest cell, within reason. Whatever is in a cell, its row is one line.</summary>
static class Table
{
    // A cell may be wider; it must not fill every other line with blanks, since others may have written it.
    const int Widest = 80;

    /// <summary>Writes the rows, under a head where there is one.</summary>
    public static void Write(TextWriter output, string[]? head, IEnumerable<string[]> rows)
    {
        string[][] all = [.. (head is null ? rows : rows.Prepend(head)).Select(row => row.Select(PlainText.Of).ToArray())];
        if (all.Length == 0) return;
        int[] widths = [.. Enumerable.Range(0, all[0].Length).Select(column => Math.Min(Widest, all.Max(row => row[column].Length)))];
        foreach (string[] row in all) output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}
