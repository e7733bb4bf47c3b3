namespace Macp.Modes.Generators.Tests.Determinism;

/// <summary>Who reaches a change decides on it, and the change is reported where it is written.</summary>
public class PurityFollowingTests
{
    [Fact]
    public async Task A_helper_of_a_helper_is_refused_on_its_own_line_for_the_guard_that_reaches_it()
    {
        var said = await Check.Files(
            ("Mode.cs", Check.Mode("[Guard(\"R\")] static Rejection? IsOpen(State state) => Outer.Ask(state) ? null : null;")),
            ("Outer.cs", "static class Outer { public static bool Ask(TestedMode.State state) => Inner.Ask(state); }"),
            ("Inner.cs", """
                static class Inner
                {
                    public static bool Ask(TestedMode.State state) =>
                        state.Votes.Remove("x");
                }
                """));

        var only = Assert.Single(said);
        Assert.Equal(("MACP0205", "Inner.cs", 4), (only.Id, only.File, only.Line));
        Assert.Equal(
            "'IsOpen' reaches 'Inner.Ask', which changes 'Votes', but a guard runs before a message is accepted and must leave no trace. "
            + "Move the change to the reducer, or change a copy.",
            only.Message);
    }

    [Theory]
    [InlineData("a static method", "Helper.Run(state);", "static class Helper { public static void Run(TestedMode.State s) { ! } }")]
    [InlineData("an extension method", "state.Run();", "static class Helper { public static void Run(this TestedMode.State s) { ! } }")]
    [InlineData("a getter", "_ = new Helper(state).Value;", "class Helper(TestedMode.State s) { public int Value { get { ! return 1; } } }")]
    [InlineData("a setter", "new Helper(state).Value = 1;", "class Helper(TestedMode.State s) { public int Value { set { ! } } }")]
    [InlineData("an initializer's setter", "_ = new Helper { Value = state };", "class Helper { public TestedMode.State Value { init { var s = value; ! } } }")]
    [InlineData("an indexer", "_ = new Helper()[state];", "class Helper { public int this[TestedMode.State s] { get { ! return 1; } } }")]
    [InlineData("a constructor", "_ = new Helper(state);", "class Helper { public Helper(TestedMode.State s) { ! } }")]
    [InlineData("a method group", "Func<TestedMode.State, bool> f = Helper.Run;", "static class Helper { public static bool Run(TestedMode.State s) { ! return true; } }")]
    [InlineData("a lambda inside", "Helper.Run(state);", "static class Helper { public static void Run(TestedMode.State s) { Action a = () => { ! }; } }")]
    [InlineData("an iterator", "_ = Helper.Run(state).Count();", "static class Helper { public static IEnumerable<int> Run(TestedMode.State s) { ! yield break; } }")]
    [InlineData("an operator", "_ = new Helper() + state;", "class Helper { public static Helper operator +(Helper a, TestedMode.State s) { ! return a; } }")]
    [InlineData("an override", "if (state.Any is Base b) b.Run(state);", "abstract class Base { public abstract void Run(TestedMode.State s); } class Helper : Base { public override void Run(TestedMode.State s) { ! } }")]
    [InlineData("an implementation", "if (state.Any is IRun b) b.Run(state);", "interface IRun { void Run(TestedMode.State s); } class Helper : IRun { public void Run(TestedMode.State s) { ! } }")]
    [InlineData("a comparer", "_ = state.Names.Order(new Helper(state)).ToList();", "class Helper(TestedMode.State s) : IComparer<string> { public int Compare(string? a, string? b) { ! return 0; } }")]
    public async Task These_are_followed(string what, string statement, string helper)
    {
        // The helper that only the state holds is made by a reducer.
        var made = helper.Contains("Base", StringComparison.Ordinal) || helper.Contains("IRun", StringComparison.Ordinal) ? "state.Any = new Helper();" : "";
        var said = await Check.Files(
            ("Mode.cs", Check.Mode($"[Guard(\"R\")] static Rejection? Rule(State state) {{ {statement} return null; }} [Message<Phase>(\"R\")] static void Done(State state) {{ {made} }}")),
            ("Helper.cs", helper.Replace("!", "s.Count++;")));

        var only = Assert.Single(said);
        Assert.True(only is { Id: "MACP0205", File: "Helper.cs" }, $"{what}: {only}");
        Assert.StartsWith("'Rule' reaches '", only.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_helper_of_reducers_and_of_a_query_is_reported_once_and_for_the_query()
    {
        var said = Assert.Single(await Check.Source(Check.Mode("""
            [Message<Phase>("R")] static void Requested(State state) => Next(state);
            public static int First(State state) => Next(state);
            public static int Second(State state) => Next(state);
            static int Next(State state) => ++state.Count;
            """)));

        Assert.StartsWith("'First' reaches 'TestedMode.Next', which changes 'Count', but a query", said.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guard_that_calls_a_reducer_is_refused() =>
        Assert.StartsWith("'Rule' reaches 'TestedMode.Requested'", Assert.Single(await Check.Source(Check.Mode("""
            [Message<Phase>("R")] static void Requested(State state) => state.Count++;
            [Guard("R")] static Rejection? Rule(State state) { Requested(state); return null; }
            """))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("payload.Intent = \"x\";", "Intent")]
    [InlineData("payload.Participants.Add(\"x\");", "Participants")]
    [InlineData("payload.Roots[0].Uri += \"x\";", "Uri")]
    [InlineData("payload.MergeFrom(ByteString.Empty);", "payload")]
    public async Task A_reducer_may_not_change_the_payload(string statement, string changed)
    {
        var said = Assert.Single(await Check.Source(Check.Mode(
            $"[Message<Phase>(\"R\")] static void Requested(State state, Macp.Wire.V1.SessionStartPayload payload) {{ state.Count++; {statement} }}")));

        Assert.Equal(
            $"'Requested' changes '{changed}', but a payload is what its sender said, and history keeps it. Change a copy, made with Clone.", said.Message);
    }

    [Theory]
    [InlineData("BidPayload.g.cs")]
    [InlineData("BidPayload.cs")]
    public async Task What_protoc_wrote_is_known_by_its_names_and_what_people_add_is_followed(string path)
    {
        var said = await Check.Files(
            ("Mode.cs", Check.Mode("[Guard(\"R\")] static Rejection? Rule(State s, BidPayload bid) { bid.ClearAmount(); _ = bid.Clone().HasAmount && bid.IsHigh(); return null; }")),
            ("More.cs", "partial class BidPayload { public bool IsHigh() => Amount > 3; public bool Raise() => Amount++ > 3; }"),
            (path, """
                public partial class BidPayload : Google.Protobuf.IMessage
                {
                    public int Amount { get; set; }
                    public bool HasAmount { get; private set; }
                    public void ClearAmount() { HasAmount = false; }
                    public BidPayload Clone() => new() { Amount = Amount };
                    public void MergeFrom(Google.Protobuf.CodedInputStream input) { }
                    public void WriteTo(Google.Protobuf.CodedOutputStream output) { }
                    public int CalculateSize() => 0;
                    public Google.Protobuf.Reflection.MessageDescriptor Descriptor => throw new System.NotSupportedException();
                }
                """));

        var only = Assert.Single(said);
        Assert.Equal(("MACP0205", path.EndsWith(".g.cs", StringComparison.Ordinal) ? "Mode.cs" : path), (only.Id, only.File));
    }

    [Theory]
    [InlineData("Evolve", 1)]
    [InlineData("PhaseOf", 0)]
    public async Task Of_what_is_generated_for_a_mode_only_the_folding_changes_the_state(string method, int count) => Assert.Equal(count, (await Check.Files(
        ("Mode.cs", Check.Mode($"[Guard(\"R\")] static Rejection? Rule(State state) {{ Reducer.{method}(state); return null; }}")),
        ("TestedMode.g.cs", $"partial class TestedMode {{ public static class Reducer {{ public static void {method}(State state) => state.Count++; }} }}"))).Count);

    [Fact]
    public async Task A_pragma_silences_a_line_of_a_guard_and_of_a_helper() => Assert.Empty(await Check.Files(
        ("Mode.cs", Check.Mode("""
            [Guard("R")]
            static Rejection? Rule(State state)
            {
            #pragma warning disable MACP0205
                state.Count++;
            #pragma warning restore MACP0205
                return Helper.Ask(state) ? null : null;
            }
            """)),
        ("Helper.cs", """
            static class Helper
            {
            #pragma warning disable MACP0205
                public static bool Ask(TestedMode.State state) => state.Count++ > 0;
            }
            """)));

    [Fact]
    public async Task Each_change_is_reported_where_it_is_written()
    {
        string mode = Check.Mode("""
            public static int Total(State state)
            {
                state.Count = 1;
                state.Names
                    .Clear();
                return state.Total++;
            }
            """);

        var lines = mode.Split('\n');
        Assert.Equal(["state.Count = 1;", ".Clear();", "return state.Total++;"], (await Check.Source(mode)).Select(s => lines[s.Line - 1].Trim()));
    }
}
