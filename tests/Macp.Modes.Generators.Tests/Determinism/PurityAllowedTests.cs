namespace Macp.Modes.Generators.Tests.Determinism;

/// <summary>What a method makes itself is its own to change, and reading changes nothing.</summary>
public class PurityAllowedTests
{
    [Theory]
    [InlineData("var names = new List<string>(); names.Add(\"x\"); names[0] = \"y\"; names.Sort(StringComparer.Ordinal); names.Clear();")]
    [InlineData("List<string> names = []; foreach (string name in state.Names) names.Add(name);")]
    [InlineData("List<string> names; if (state.Count > 0) names = [.. state.Names]; else names = new(); names.Clear();")]
    [InlineData("List<string>? names = null; names ??= []; names.Add(\"x\"); names?.Clear();")]
    [InlineData("var counts = new Dictionary<string, int>(state.Votes, StringComparer.Ordinal); foreach (var (name, n) in state.Votes) counts[name] = counts.GetValueOrDefault(name) + n; counts[\"x\"]++;")]
    [InlineData("IDictionary<string, int> counts = state.Votes.ToDictionary(v => v.Key, v => v.Value, StringComparer.Ordinal); counts.Remove(\"x\");")]
    [InlineData("var names = state.Names.Where(n => n.Length > 1).ToList(); names.Reverse(); var all = names; all.Clear();")]
    [InlineData("var names = state.Names.ToHashSet(StringComparer.Ordinal); names.ExceptWith(state.Frozen); names.UnionWith(state.Names);")]
    [InlineData("var longest = state.Names.FindAll(n => n.Length > 3); longest.RemoveAll(n => n.Length > 9);")]
    [InlineData("int[] numbers = [.. state.Numbers]; numbers[0]++; Array.Sort(numbers); numbers.AsSpan().Reverse(); state.Numbers.CopyTo(numbers, 0); numbers = new int[3]; numbers[^1] = 1;")]
    [InlineData("Span<int> few = stackalloc int[3]; few[0] = 1; few.Sort(); foreach (ref int n in few) { }")]
    [InlineData("int[] made = [1]; ref int first = ref made[0]; first++; int own = 0; ref int other = ref own; other++; Step(ref own); static void Step(ref int n) => n++;")]
    [InlineData("var text = new StringBuilder(\"a\"); text.Append(state.Text).Append(',').AppendJoin(\", \", state.Names).Insert(0, \"x\"); text.Length = 1;")]
    [InlineData("var pair = (Name: \"a\", Count: 1); pair.Count++; (pair.Name, int n) = (\"b\", 2); n++;")]
    [InlineData("var slot = new Slot(); slot.Count++; var copy = slot; copy.Count = 2; Slot[] slots = [slot]; slots[0].Count++;", "public struct Slot { public int Count { get; set; } }")]
    [InlineData("var names = state.Names.Count > 3 ? state.Names.ToList() : state.Count switch { 0 => [], _ => new List<string>() }; names.Add(\"x\");")]
    [InlineData("var reader = new System.Text.Json.Utf8JsonReader(\"{}\"u8); while (reader.Read()) reader.Skip(); using var json = System.Text.Json.JsonDocument.ParseValue(ref reader);")]
    [InlineData("List<string> own = []; state.Names.ForEach(own.Add); state.Names.ForEach(n => own.Add(n)); void More() => own.Add(\"x\"); More();")]
    [InlineData("List<string> a = [], b = []; for (int i = 0; i < 9; i++) { a = b; b = a; } a.Clear();")]
    public Task Ones_own(string statements, string members = "") => IsAllowed(statements, members);

    [Theory]
    [InlineData("var copy = request.Clone(); copy.Intent = \"x\"; copy.Participants.Add(\"x\"); copy.Extensions[\"x\"] = ByteString.Empty; copy.MergeFrom(request);")]
    [InlineData("var start = new Macp.Wire.V1.SessionStartPayload { Intent = request.Intent, Participants = { \"a\", request.Participants }, Extensions = { [\"x\"] = ByteString.Empty } }; start.TtlMs++;")]
    [InlineData("var start = Macp.Wire.V1.SessionStartPayload.Parser.ParseFrom(request.ToByteString()); start.Roots.Clear(); _ = request.ToByteArray().Length + request.CalculateSize();")]
    [InlineData("var start = new Macp.Wire.V1.SessionStartPayload(request) { Participants = { \"a\" } }; start.Participants.Clear();")]
    [InlineData("_ = new Box { Names = { \"x\" }, Inner = { Counts = { [\"x\"] = 1 }, Count = 3 } };", "public sealed class Box { public List<string> Names { get; } = []; public Tally Inner { get; } = new(); } public sealed class Tally { public int Count; public Dictionary<string, int> Counts { get; } = new(StringComparer.Ordinal); }")]
    [InlineData("var bid = new Bid(\"a\", 1); bid = bid with { Amount = 2 }; var list = new List<Bid> { bid, new(\"b\", 1) { Amount = 3 } };", "public sealed record Bid(string Who, int Amount);")]
    [InlineData("var box = new Box { Count = 1 }; box.Count++; box.Name = state.Text;", "public sealed class Box { string _name = \"\"; public int Count { get; set; } public string Name { get => _name; set => _name = value; } public Box() { Count = 3; _name = \"x\"; } }")]
    public Task Ones_own_messages_and_records(string statements, string members = "") => IsAllowed(statements, members);

    [Theory]
    [InlineData("_ = state.Votes.TryGetValue(\"x\", out int vote) && vote > 0 && state.Votes.ContainsKey(\"x\") && state.Votes.ContainsValue(1) && state.Votes.GetValueOrDefault(\"x\") is 1;")]
    [InlineData("_ = state.Names.Exists(n => n is \"x\") || state.Names.Contains(\"x\") || state.Names.IndexOf(\"x\") > 0 || state.Names.Find(n => n.Length > 2) is null || state.Names.AsReadOnly().Count > 1;")]
    [InlineData("_ = state.Votes.Where(v => v.Value > 1).OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => v.Key).Distinct().GroupBy(k => k.Length).ToDictionary(g => g.Key, g => g.Count());")]
    [InlineData("Func<bool> any = state.Names.Any; Func<string, bool> has = state.Names.Contains; _ = state.Names.Where(state.Votes.ContainsKey).Select(string.IsNullOrEmpty).Any();")]
    [InlineData("var e = state.Names.GetEnumerator(); while (e.MoveNext()) _ = e.Current.Length;")]
    [InlineData("_ = state.Names is [var first, .., var last] && first == last && state.Names[^1] == state.Names[0] && state.Names is { Count: > 1 };")]
    [InlineData("_ = request.Participants.Contains(\"x\") && request.Extensions.TryGetValue(\"x\", out var bytes) && bytes.Length > 1 && request.Equals(request.Clone()) && request.Roots.Any(r => r.Uri is \"x\");")]
    [InlineData("_ = string.Join(\",\", state.Names) + string.Concat(state.Names) + $\"{state.Count}\"; _ = state.Numbers.AsSpan().IndexOf(1) + state.Numbers.Sum() + Array.IndexOf(state.Numbers, 1);")]
    [InlineData("_ = new HashSet<string>(state.Names, StringComparer.Ordinal).SetEquals(state.Names) && state.Names.SequenceEqual(session.Participants);")]
    [InlineData("_ = int.TryParse(state.Text, CultureInfo.InvariantCulture, out int number) ? number : 0; number++;")]
    public Task Reading(string statements) => IsAllowed(statements);

    [Theory]
    [InlineData("[Message<Phase>(\"R\")] static void R(State state) { state.Count++; Add(state.Names); if (!state.Groups.TryGetValue(\"x\", out var g)) state.Groups.Add(\"x\", g = []); g.Add(\"y\"); } static void Add(List<string> names) => names.Clear();")]
    [InlineData("[Message<Phase>(\"R\")] static void R(State state) => Settle(state, n => n + 1); static void Settle(State state, Func<int, int> next) => state.Count = next(state.Count);")]
    [InlineData("public sealed record Entry { int _n; public int N { get => _n; set { _n = value; Log.Add(\"x\"); } } public List<string> Log { get; } = []; } [Guard(\"R\")] static Rejection? G(State state) => state.Any is Entry { N: 1 } ? null : null;")]
    [InlineData("[LegacyPayload(\"R\")] static Macp.Wire.V1.SessionStartPayload? Read(ReadOnlySpan<byte> bytes) => new() { Intent = Encoding.UTF8.GetString(bytes) };")]
    public async Task Reducers_and_whoever_only_they_call(string members) => Assert.Empty(await Check.Source(Check.Mode(members)));

    static async Task IsAllowed(string statements, string members = "") => Assert.Empty(await Check.Guard(statements, members));
}
