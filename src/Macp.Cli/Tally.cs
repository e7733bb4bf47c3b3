using System.Text.Json;
using System.Text.Json.Nodes;

namespace Macp.Cli;

/// <summary>
/// Counts what participants said, in a state of whatever mode: wherever a table of the state is keyed by participants, its values are counted; of
/// a value with parts, the part that the table is named after.
/// </summary>
static class Tally
{
    /// <summary>A line for each table of the state that participants key.</summary>
    public static IEnumerable<string> Of(string modeState, IReadOnlyList<string> participants) => Lines("", "", JsonNode.Parse(modeState)!, participants.ToHashSet(StringComparer.Ordinal));

    static IEnumerable<string> Lines(string path, string table, JsonNode node, HashSet<string> participants)
    {
        if (node is not JsonObject json || json.Count == 0) yield break;
        if (json.All(entry => participants.Contains(entry.Key)))
        {
            var counts = json.Select(entry => Said(table, entry.Value)).OfType<string>().GroupBy(said => said, StringComparer.Ordinal).OrderBy(said => said.Key, StringComparer.Ordinal).ToList();
            if (counts.Count > 0) yield return $"{path}: {string.Join(", ", counts.Select(said => $"{said.Count()} {said.Key}"))}";
            yield break;
        }
        foreach (var (key, value) in json)
            if (value is not null)
                foreach (string line in Lines(path.Length == 0 ? key : $"{path} {key}", path.Length == 0 ? key : table, value, participants)) yield return line;
    }

    static string? Said(string table, JsonNode? value) => value switch
    {
        JsonValue text when text.GetValueKind() == JsonValueKind.String => text.GetValue<string>(),
        JsonObject parts => parts[table.TrimEnd('s')]?.ToString(),
        _ => null,
    };
}
