using System.Text;

namespace Macp.Server.Tests;

/// <summary>Answers by deed, caller and state, and how they stand on a page: equal blocks, rows and columns once.</summary>
sealed class PermissionTable
{
    readonly List<string> _deeds = [];
    readonly Dictionary<string, List<string>> _states = [];
    readonly Dictionary<(string Deed, string Caller, string State), string> _answers = [];

    public void Add(string deed, string caller, string state, string answer)
    {
        if (!_states.TryGetValue(deed, out var states)) _deeds.Add(deed);
        states = _states[deed] = states ?? [];
        if (!states.Contains(state)) states.Add(state);
        _answers.Add((deed, caller, state), answer);
    }

    /// <summary>Where this, which is on the page, says otherwise than what is so.</summary>
    public IEnumerable<string> Differences(PermissionTable actual) => _answers.Keys.Union(actual._answers.Keys)
        .Select(cell => (cell, Page: _answers.GetValueOrDefault(cell, "nothing"), Actual: actual._answers.GetValueOrDefault(cell, "nothing")))
        .Where(both => both.Page != both.Actual)
        .Select(both => $"{both.cell.Deed}, {both.cell.Caller}, {both.cell.State}: the page says {both.Page}, the answer is {both.Actual}");

    public string Render()
    {
        var text = new StringBuilder();
        foreach (var block in _deeds.GroupBy(Block)) text.Append(string.Join("; ", block)).Append(":\n\n").Append(block.Key).Append('\n');
        return text.ToString().TrimEnd('\n') + '\n';
    }

    string Block(string deed)
    {
        string[] callers = [.. _answers.Keys.Where(cell => cell.Deed == deed).Select(cell => cell.Caller).Distinct()];
        string[][] columns = Merged(_states[deed], state => callers.Select(caller => _answers[(deed, caller, state)]));
        string[][] rows = Merged(callers, caller => columns.Select(column => _answers[(deed, caller, column[0])]));
        var text = new StringBuilder();
        text.Append($"| who | {string.Join(" | ", columns.Select(column => string.Join(", ", column)))} |\n");
        text.Append('|').Insert(text.Length, "---|", columns.Length + 1).Append('\n');
        foreach (string[] row in rows)
            text.Append($"| {string.Join(", ", row)} | {string.Join(" | ", columns.Select(column => Written(_answers[(deed, row[0], column[0])])))} |\n");
        return text.ToString();
    }

    /// <summary>The names, together where what stands there is the same.</summary>
    static string[][] Merged(IEnumerable<string> names, Func<string, IEnumerable<string>> contents) =>
        [.. names.GroupBy(name => string.Join('|', contents(name))).Select(group => group.ToArray())];

    /// <summary>Answers stand as code, but for what is said in words.</summary>
    static string Written(string answer) => answer.Contains("told", StringComparison.Ordinal) ? answer : $"`{answer}`";

    public static PermissionTable Parse(IEnumerable<string> lines)
    {
        var table = new PermissionTable();
        string[] deeds = [], head = [];
        foreach (string line in lines)
        {
            string[] cells = line.Trim('|').Split('|', StringSplitOptions.TrimEntries);
            if (line.StartsWith('`')) deeds = line.TrimEnd(':').Split("; ");
            else if (line.StartsWith("| who ", StringComparison.Ordinal)) head = cells;
            else if (line.StartsWith("| ", StringComparison.Ordinal)) AddRow(cells);
        }
        return table;

        void AddRow(string[] cells)
        {
            foreach (string deed in deeds)
                foreach (string caller in cells[0].Split(", "))
                    foreach (var (states, answer) in head.Zip(cells).Skip(1))
                        foreach (string state in states.Split(", ")) table.Add(deed, caller, state, answer.Trim('`'));
        }
    }
}
