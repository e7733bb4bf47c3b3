namespace Macp.Modes.Generators.Tests.Determinism;

/// <summary>Whatever refuses or answers leaves what it is handed as it is: each way of changing it is MACP0205.</summary>
public class PurityRefusedTests
{
    [Fact]
    public async Task A_message_names_the_method_and_the_change_and_the_rule_and_the_way_out()
    {
        var said = Assert.Single(await Check.Guard("if (state.Count++ >= 3) return null;"));

        Assert.Equal(
            "'RoundsAreLeft' changes 'Count', but a guard runs before a message is accepted and must leave no trace. Move the change to the reducer, or change a copy.",
            said.Message);
    }

    [Theory]
    [InlineData("state.Count = 1;", "Count")]
    [InlineData("state.Count += 1;", "Count")]
    [InlineData("_ = state.Count++ >= 0;", "Count")]
    [InlineData("_ = --state.Votes[\"x\"] == 0;", "Votes")]
    [InlineData("state.Any ??= new object();", "Any")]
    [InlineData("state.Votes[\"x\"] = 1;", "Votes")]
    [InlineData("state.Names[^1] = \"x\";", "Names")]
    [InlineData("state.Numbers[0] = 1;", "Numbers")]
    [InlineData("(state.Count, _) = (1, 2);", "Count")]
    [InlineData("((state.Count, _), _) = ((1, 2), 3);", "Count")]
    [InlineData("_ = (state.Text = \"x\") == \"x\";", "Text")]
    [InlineData("if (state is { Groups: var groups }) groups[\"x\"] = [];", "groups")]
    [InlineData("int.TryParse(\"1\", CultureInfo.InvariantCulture, out state.Total);", "Total")]
    [InlineData("Step(ref state.Numbers[0]); static void Step(ref int n) => n++;", "Numbers")]
    [InlineData("ref int total = ref state.Total; total++;", "total")]
    [InlineData("int own = 0; ref int total = ref own; total = ref state.Total; total++;", "total")]
    public Task Writing_the_state(string statements, string changed) => IsRefused(statements, changed);

    [Theory]
    [InlineData("state.Votes.Clear();", "Votes")]
    [InlineData("state.Names.Add(\"x\");", "Names")]
    [InlineData("_ = state.Votes.TryAdd(\"x\", 1);", "Votes")]
    [InlineData("_ = state.Votes.Remove(\"x\", out var vote) && vote > 1;", "Votes")]
    [InlineData("state.Names.Sort(StringComparer.Ordinal);", "Names")]
    [InlineData("state?.Names.Clear();", "Names")]
    [InlineData("state.Groups[\"x\"].Add(\"y\");", "Groups")]
    [InlineData("state.Groups.Values.First().Clear();", "state.Groups.Values.First()")]
    [InlineData("state.Groups.GetValueOrDefault(\"x\")?.Clear();", "state.Groups.GetValueOrDefault(\"x\")")]
    [InlineData("(state.Count > 0 ? state.Names : []).Clear();", "state.Count > 0 ? state.Names : []")]
    [InlineData("((ICollection<string>)state.Names).Clear();", "Names")]
    [InlineData("((List<string>)session.Participants).Clear();", "Participants")]
    [InlineData("CollectionExtensions.AddRange(state.Names, \"x\".Split(','));", "Names")]
    [InlineData("Array.Sort(state.Numbers);", "Numbers")]
    [InlineData("state.Numbers.AsSpan()[0] = 1;", "state.Numbers.AsSpan()")]
    [InlineData("state.Numbers.AsSpan().Clear();", "state.Numbers.AsSpan()")]
    [InlineData("new[] { 1 }.CopyTo(state.Numbers, 0);", "Numbers")]
    [InlineData("new System.Collections.ObjectModel.Collection<string>(state.Names).Clear();", "new System.Collections.ObjectModel.Collection<string>(state.Names)")]
    [InlineData("Action<string> add = state.Names.Add;", "Names")]
    [InlineData("Action<int[]> sort = Array.Sort;", "Array.Sort")]
    [InlineData("Action<string[]> add = state.Names.AddRange;", "Names")]
    [InlineData("Span<int> all = state.Numbers; Fill(ref all); static void Fill(ref Span<int> numbers) => numbers[0] = 1;", "numbers")]
    [InlineData("_ = new Box(state) { Inner = { Count = 1 } };", "Count")]
    public Task Calling_what_changes_a_collection(string statements, string changed) => IsRefused(statements, changed);

    [Theory]
    [InlineData("_ = (request.Intent = \"x\") == \"x\";", "Intent")]
    [InlineData("request.Participants.Add(\"x\");", "Participants")]
    [InlineData("request.Participants[0] = \"x\";", "Participants")]
    [InlineData("request.Extensions[\"x\"] = ByteString.Empty;", "Extensions")]
    [InlineData("_ = request.Extensions.Remove(\"x\");", "Extensions")]
    [InlineData("request.MergeFrom(ByteString.Empty);", "request")]
    [InlineData("request.MergeFrom(new Macp.Wire.V1.SessionStartPayload());", "request")]
    [InlineData("request.Roots[0].Uri = \"x\";", "Uri")]
    [InlineData("request.WriteTo(new CodedOutputStream(new byte[3])); request.Roots.First().Name += \"x\";", "Name")]
    public Task Changing_the_payload(string statements, string changed) => IsRefused(statements, changed);

    [Theory]
    [InlineData("var votes = state.Votes; votes.Clear();", "votes")]
    [InlineData("var names = state.Names; var same = names; same.Clear();", "same")]
    [InlineData("List<string> names = []; if (state.Count > 0) names = state.Names; names.Clear();", "names")]
    [InlineData("List<string> a = [], b = [], c = []; for (int i = 0; i < 9; i++) { a = b; b = c; c = state.Names; } a.Clear();", "a")]
    [InlineData("foreach (var names in state.Groups.Values) names.Clear();", "names")]
    [InlineData("foreach (var (_, names) in state.Groups) names.Clear();", "names")]
    [InlineData("foreach (ref int n in state.Numbers.AsSpan()) n = 1;", "n")]
    [InlineData("if (state.Groups.TryGetValue(\"x\", out var names)) names.Clear();", "names")]
    [InlineData("if (!state.Groups.TryGetValue(\"x\", out var names)) names = []; names.Clear();", "names")]
    [InlineData("if (state.Names is { } names) names.Clear();", "names")]
    [InlineData("if (state.Any is List<string> names) { names.Clear(); names = []; }", "names")]
    [InlineData("List<string> names = []; Swap(ref names); names.Clear(); void Swap(ref List<string> n) => n = state.Names;", "names")]
    [InlineData("var (names, _) = (state.Names, 1); names.Clear();", "names")]
    [InlineData("state.Groups.Values.ToList().ForEach(names => names.Clear());", "names")]
    [InlineData("_ = state.Groups.Values.Any(names => names.Remove(\"x\"));", "names")]
    [InlineData("_ = (from names in state.Groups.Values where names.Remove(\"x\") select names).Any();", "names")]
    [InlineData("Wipe(state.Names); static void Wipe(List<string> names) => names.Clear();", "names")]
    [InlineData("var own = new List<List<string>> { state.Names }; own[0].Clear();", "own")]
    public Task Changing_it_by_another_name(string statements, string changed) => IsRefused(statements, changed);

    [Theory]
    [InlineData("[StartRule] static Rejection? Rule(SessionContext session) { ((List<string>)session.Participants).Clear(); return null; }", "a start rule")]
    [InlineData("[Commitment<Phase>(MovesTo = Phase.Closed)] static Rejection? Rule(State state) => state.Count++ > 0 ? null : null;", "a commitment rule")]
    [InlineData("[ComputedPhase] static Phase Rule(State state) => state.Count++ > 0 ? Phase.Open : Phase.Closed;", "a phase")]
    [InlineData("[Policy] static IEnumerable<string> Rule(State state) { state.Count++; yield break; }", "a policy")]
    [InlineData("[ComesDue(\"Request\")] static DueMessage? Rule(State state) { state.Count++; return null; }", "what comes due")]
    [InlineData("public static int Rule(State state) => state.Count++;", "a query")]
    [InlineData("[References(\"x\", In = \"Votes\", By = nameof(Rule))] static void R(State state) { } static bool Rule(State state) => state.Count++ > 0;", "a rule about the sender")]
    [InlineData("public sealed record Entry { int _reads; public bool Rule => _reads++ > 0; }", "a value is read")]
    [InlineData("public sealed record Entry { int _reads; public override int GetHashCode() => _reads++; }", "a value is read")]
    public async Task Everybody_but_a_reducer_is_judged(string members, string rule)
    {
        var said = Assert.Single(await Check.Source(Check.Mode(members)));

        Assert.Equal("MACP0205", said.Id);
        Assert.Contains($"but {rule}", said.Message, StringComparison.Ordinal);
    }

    static async Task IsRefused(string statements, string changed)
    {
        var said = Assert.Single(await Check.Guard(statements, "public sealed class Box(State inner) { public State Inner => inner; }"));

        Assert.Equal("MACP0205", said.Id);
        Assert.Contains($" changes '{changed}', but ", said.Message, StringComparison.Ordinal);
    }
}
