namespace Macp.Modes.Generators.Tests.Determinism;

/// <summary>Static state (MACP0202), code that answers later (MACP0204), and code that cannot be followed (MACP0201).</summary>
public class StateAndTimeTests
{
    [Theory]
    [InlineData("static int _count;", "can be assigned")]
    [InlineData("static int _count; static void Add() => _count++;", "can be assigned")]
    [InlineData("static int Count { get; set; }", "has a setter")]
    [InlineData("static readonly List<string> Names = [];", "contents can change")]
    [InlineData("static readonly string[] Names = [\"a\"];", "a string[] whose contents can change")]
    [InlineData("static readonly Dictionary<string, int> Table = new();", "contents can change")]
    [InlineData("static readonly IDictionary<string, int> Table = new Dictionary<string, int>();", "contents can change")]
    [InlineData("static readonly StringBuilder Text = new();", "contents can change")]
    [InlineData("static HashSet<string> Names { get; } = [];", "contents can change")]
    [InlineData("static readonly State Shared = new();", "holds a State whose contents can change")]
    [InlineData("static readonly Macp.Wire.V1.Envelope Shared = new();", "contents can change")]
    [InlineData("static readonly (int, List<int>) Pair = (1, []);", "contents can change")]
    [InlineData("static event Action? Changed;", "static event")]
    [InlineData("public sealed class Entry { public static int Seen; }", "'Entry.Seen' is static and can be assigned")]
    public async Task Static_state_that_a_mode_declares_is_refused_where_it_is_declared(string members, string word)
    {
        var said = Assert.Single(await Check.Source(Check.Mode(members)));

        Assert.Equal("MACP0202", said.Id);
        Assert.Contains(word, said.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Elsewhere.Count++;")]
    [InlineData("_ = Elsewhere.Count;")]
    [InlineData("_ = Elsewhere.Value;")]
    [InlineData("_ = Elsewhere.Names.Count;")]
    [InlineData("_ = Elsewhere.Table.Length;")]
    [InlineData("Elsewhere.Changed += () => { };")]
    [InlineData("_ = Elsewhere.One.Amount;")]
    public async Task Static_state_elsewhere_is_refused_where_it_is_used(string statement)
    {
        var said = Assert.Single(await Check.Files(("Mode.cs", Check.Mode($"static void Requested(State state) {{ {statement} }}")), ("Elsewhere.cs", """
            class Elsewhere
            {
                public static int Count;
                public static int Value { get; set; }
                public static List<int> Names { get; } = [];
                public static readonly int[] Table = [];
                public static event Action Changed = () => { };
                public static readonly Elsewhere One = new();
                public int Amount { get; set; }
            }
            """)));

        Assert.Equal(("MACP0202", "Mode.cs"), (said.Id, said.File));
        Assert.Contains("Elsewhere.", said.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("static async void Requested(State state) { }", "'Requested' is asynchronous")]
    [InlineData("static async Task<int> Count(State state) => await Later(); static Task<int> Later() => null!;", "'Count' is asynchronous")]
    [InlineData("static void Requested(State state) { Func<Task<int>> f = async () => 1; }", "'Requested' has an asynchronous lambda")]
    [InlineData("static void Requested(State state) { async void Later() { } Later(); }", "'Later', which is asynchronous")]
    [InlineData("static void Requested(State state) => Helper.Run();", "'Requested' reaches 'Helper.Run', which is asynchronous")]
    public async Task Asynchronous_code_is_refused(string members, string start)
    {
        var said = Assert.Single(await Check.Source("static class Helper { public static async void Run() { } } " + Check.Mode(members)));

        Assert.Equal("MACP0204", said.Id);
        Assert.Contains(start, said.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("public static IEnumerable<string> Names(State state) => state.Names;", "IEnumerable")]
    [InlineData("public static IEnumerable<string> Names(State state) { yield return state.Text; }", "IEnumerable")]
    [InlineData("public static System.Collections.IEnumerable Names(State state) => state.Names;", "IEnumerable")]
    [InlineData("public static IEnumerator<string> Names(State state) => state.Names.GetEnumerator();", "IEnumerator")]
    [InlineData("public static IQueryable<string> Names(State state, SessionContext session) => null!;", "IQueryable")]
    [InlineData("public static IAsyncEnumerable<string> Names(State state) => null!;", "IAsyncEnumerable")]
    public async Task Queries_that_answer_lazily_are_refused(string query, string type)
    {
        var said = Assert.Single(await Check.Source(Check.Mode(query)));

        Assert.Equal("MACP0204", said.Id);
        Assert.Contains($"'Names' is a query that returns {type}", said.Message, StringComparison.Ordinal);
        Assert.Contains("Return IReadOnlyList", said.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("public static IReadOnlyList<string> Names(State state) => [.. state.Names.Where(n => n.Length > 1)];")]
    [InlineData("static IEnumerable<string> Long(State state) { foreach (var n in state.Names) if (n.Length > 3) yield return n; } public static int Count(State state) => Long(state).Count();")]
    public async Task A_helper_may_be_lazy_and_a_query_may_return_a_list(string members) => Assert.Empty(await Check.Source(Check.Mode(members)));

    [Theory]
    [InlineData("[System.Runtime.InteropServices.DllImport(\"c\")] static extern int time(int n);", "native code")]
    [InlineData("public sealed class Entry { ~Entry() { } }", "finalizer")]
    [InlineData("static unsafe int Read(int* p) => *p;", "unsafe")]
    [InlineData("public unsafe struct Entry { public int A; public int B() => A; public int C() => A; }", "unsafe")]
    [InlineData("static void Requested(State state) => Native.time(0);", "'Requested' reaches 'Native.time', which is native code")]
    public async Task Code_that_cannot_be_followed_is_refused(string members, string word)
    {
        var said = Assert.Single(await Check.Source(
            "static class Native { [System.Runtime.InteropServices.DllImport(\"c\")] public static extern int time(int n); } " + Check.Mode(members)));

        Assert.Equal("MACP0201", said.Id);
        Assert.Contains(word, said.Message, StringComparison.Ordinal);
    }
}
