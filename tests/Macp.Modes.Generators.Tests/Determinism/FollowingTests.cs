namespace Macp.Modes.Generators.Tests.Determinism;

/// <summary>What a mode calls in its own compilation is followed, and judged where it is written.</summary>
public class FollowingTests
{
    [Fact]
    public async Task A_helper_of_a_helper_is_refused_on_its_own_line_and_names_the_member_that_reaches_it()
    {
        var said = await Check.Files(
            ("Mode.cs", Check.Mode("static void Requested(State state) => Outer.Mark(state);")),
            ("Outer.cs", "static class Outer { public static void Mark(TestedMode.State state) => Inner.Mark(state); }"),
            ("Inner.cs", """
                static class Inner
                {
                    public static void Mark(TestedMode.State state) =>
                        _ = Guid.NewGuid();
                }
                """));

        var only = Assert.Single(said);
        Assert.Equal(("MACP0201", "Inner.cs", 4), (only.Id, only.File, only.Line));
        Assert.Equal(
            "'Requested' reaches 'Inner.Mark', which calls Guid.NewGuid, which differs between runs; a mode must give the same state for the same history. "
            + "Take what you need from the message or the payload: chance is decided by the sender.",
            only.Message);
    }

    [Theory]
    [InlineData("a static method", "Helper.Run();", "static class Helper { public static void Run() => _ = !; }")]
    [InlineData("an extension method", "state.Run();", "static class Helper { public static void Run(this TestedMode.State state) => _ = !; }")]
    [InlineData("a generic method", "Helper.Run(1);", "static class Helper { public static void Run<T>(T t) => _ = !; }")]
    [InlineData("a getter", "_ = Helper.Value;", "static class Helper { public static Guid Value => !; }")]
    [InlineData("a getter with a body", "_ = Helper.Value;", "static class Helper { public static Guid Value { get { return !; } } }")]
    [InlineData("a setter", "new Helper().Value = 1;", "class Helper { public int Value { set { _ = !; } } }")]
    [InlineData("an indexer", "_ = new Helper()[1];", "class Helper { public Guid this[int i] => !; }")]
    [InlineData("a constructor", "_ = new Helper();", "class Helper { public Helper() { _ = !; } }")]
    [InlineData("a target-typed constructor", "Helper h = new();", "class Helper { public Helper() { _ = !; } }")]
    [InlineData("a base constructor", "_ = new Helper();", "class Helper : Base; class Base { public Base() { _ = !; } }")]
    [InlineData("a constructor's call of another", "_ = new Helper();", "class Helper { public Helper() : this(!) { } Helper(Guid id) { } }")]
    [InlineData("a primary constructor's base arguments", "_ = new Helper();", "class Helper() : Base(!); class Base(Guid id) { public Guid Id => id; }")]
    [InlineData("a field initializer", "_ = new Helper();", "class Helper { public readonly Guid Id = !; }")]
    [InlineData("a property initializer", "_ = new Helper();", "class Helper { public Guid Id { get; } = !; }")]
    [InlineData("a static field initializer", "_ = Helper.Id;", "class Helper { public static readonly Guid Id = !; }")]
    [InlineData("a static property initializer", "_ = Helper.Id;", "class Helper { public static Guid Id { get; } = !; }")]
    [InlineData("a static constructor", "_ = Helper.Id;", "class Helper { static Helper() { Id = !; } public static readonly Guid Id; }")]
    [InlineData("a static initializer beside the method", "Helper.Run();", "class Helper { static readonly Guid Id = !; public static void Run() { } }")]
    [InlineData("an operator", "_ = new Helper() + new Helper();", "class Helper { public static Helper operator +(Helper a, Helper b) { _ = !; return a; } }")]
    [InlineData("a compound operator", "var h = new Helper(); h += h;", "class Helper { public static Helper operator +(Helper a, Helper b) { _ = !; return a; } }")]
    [InlineData("an increment", "var h = new Helper(); h++;", "class Helper { public static Helper operator ++(Helper a) { _ = !; return a; } }")]
    [InlineData("a conversion", "int n = new Helper();", "class Helper { public static implicit operator int(Helper h) { _ = !; return 1; } }")]
    [InlineData("a method group", "Func<int, Guid> f = Helper.Run;", "class Helper { public static Guid Run(int n) => !; }")]
    [InlineData("a method group given to LINQ", "_ = state.Names.Select(Helper.Run).ToList();", "class Helper { public static Guid Run(string n) => !; }")]
    [InlineData("a local function inside", "Helper.Run();", "class Helper { public static void Run() { Id(); Guid Id() => !; } }")]
    [InlineData("a lambda inside", "Helper.Run();", "class Helper { public static void Run() { var f = () => !; } }")]
    [InlineData("a loop's enumerator", "foreach (var x in new Helper()) { }", "class Helper { public IEnumerator<Guid> GetEnumerator() { yield return !; } }")]
    [InlineData("a deconstruction", "var (a, b) = new Helper();", "class Helper { public void Deconstruct(out Guid a, out int b) { a = !; b = 1; } }")]
    [InlineData("a deconstruction in a pattern", "_ = new Helper() is (_, 1);", "class Helper { public void Deconstruct(out Guid a, out int b) { a = !; b = 1; } }")]
    [InlineData("a property in a pattern", "_ = new Helper() is { Value: 1 };", "class Helper { public int Value { get { _ = !; return 1; } } }")]
    [InlineData("what using disposes", "using (new Helper()) { }", "class Helper : IDisposable { public void Dispose() => _ = !; }")]
    [InlineData("what a using declaration disposes", "using var h = new Helper();", "ref struct Helper { public Helper() { } public void Dispose() => _ = !; }")]
    [InlineData("an override", "Base b = new Helper(); b.Run();", "abstract class Base { public abstract void Run(); } class Helper : Base { public override void Run() => _ = !; }")]
    [InlineData("an implementation", "IRun b = new Helper(); b.Run();", "interface IRun { void Run(); } class Helper : IRun { public void Run() => _ = !; }")]
    [InlineData("an explicit implementation", "IRun b = new Helper(); b.Run();", "interface IRun { void Run(); } class Helper : IRun { void IRun.Run() => _ = !; }")]
    [InlineData("a copy constructor", "var h = new Helper(); h = h with { };", "record Helper() { protected Helper(Helper h) { _ = !; } }")]
    [InlineData("a collection initializer", "Helper h = new() { 1 };", "class Helper : List<int> { public new void Add(int n) => _ = !; }")]
    [InlineData("a static member of an interface", "Run<Helper>(); static void Run<T>() where T : IRun => T.Run();", "interface IRun { static abstract void Run(); } class Helper : IRun { public static void Run() => _ = !; }")]
    [InlineData("a constructor of a type argument", "Make<Helper>(); static void Make<T>() where T : new() => _ = new T();", "class Helper { public Helper() { _ = !; } }")]
    [InlineData("a comparer given to LINQ", "_ = state.Names.Order(new Helper()).ToList();", "class Helper : IComparer<string> { public int Compare(string? a, string? b) { _ = !; return 0; } }")]
    [InlineData("a default member of an interface", "IRun h = new Helper(); h.Run();", "interface IRun { void Run() { _ = !; } } class Helper : IRun { }")]
    [InlineData("a field that holds a delegate", "Helper.Run();", "static class Helper { public static readonly Func<Guid> Run = () => !; }")]
    [InlineData("a query's clauses", "_ = (from n in state.Names select Helper.Run(n)).ToList();", "static class Helper { public static Guid Run(string n) => !; }")]
    [InlineData("a partial method", "Helper.Run();", "partial class Helper { public static partial void Run(); } partial class Helper { public static partial void Run() => _ = !; }")]
    public async Task These_are_followed(string what, string statement, string helper)
    {
        var said = await Check.Files(("Mode.cs", Check.Mode($"static void Requested(State state) {{ {statement} }}")), ("Helper.cs", helper.Replace("!", "Guid.NewGuid()")));

        var only = Assert.Single(said);
        Assert.True(only is { Id: "MACP0201", File: "Helper.cs" }, $"{what}: {only}");
        Assert.StartsWith("'Requested' reaches '", only.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Helpers_that_call_each_other_in_a_circle_are_read_once()
    {
        var said = await Check.Files(("Mode.cs", Check.Mode("static void Requested(State state) => Even.Is(3);")), ("Helper.cs", """
            static class Even { public static bool Is(int n) => n is 0 || Odd.Is(n - 1); }
            static class Odd { public static bool Is(int n) { _ = Guid.NewGuid(); return n is not 0 && Even.Is(n - 1); } }
            """));

        Assert.Equal(2, Assert.Single(said).Line);
    }

    [Fact]
    public async Task A_helper_that_two_members_and_two_modes_reach_is_reported_once()
    {
        var said = await Check.Files(
            ("Mode.cs", Check.Mode("static void Requested(State state) => Helper.Run(); static void Again(State state) => Helper.Run();")),
            ("Other.cs", "[Mode(\"ext.other.v1\")] public sealed partial class AnotherMode { static void First() => Helper.Run(); static void Second(TestedMode.State s) => TestedMode.Ask(s); }"),
            ("Part.cs", "partial class TestedMode { public static Guid Ask(State state) => Guid.NewGuid(); }"),
            ("Helper.cs", "static class Helper { public static void Run() => _ = Guid.NewGuid(); }"));

        Assert.Equal(["Helper.cs", "Part.cs"], said.Select(static s => s.File));
        Assert.StartsWith("'First' reaches 'Helper.Run'", said[0].Message, StringComparison.Ordinal);
        Assert.StartsWith("'Ask' calls", said[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_no_mode_reaches_is_nobodys_business() => Assert.Empty(await Check.Files(
        ("Mode.cs", Check.Mode("static void Requested(State state) => Helper.Run();")),
        ("Helper.cs", "static class Helper { public static void Run() { } public static Guid Other() => Guid.NewGuid(); }"),
        ("Clock.cs", "class Clock { static int _ticks; public DateTime Now => DateTime.Now.AddTicks(_ticks++); public async Task Wait() => await Task.Delay(1); }")));

    [Fact]
    public async Task Naming_a_type_runs_nothing() => Assert.Empty(await Check.Files(
        ("Mode.cs", Check.Mode("static void Requested(State state) { if (state.Any is Clock) state.Any = new List<Clock>(); Func<Clock, int> f = static c => 1; _ = typeof(Clock); }")),
        ("Clock.cs", "class Clock { static readonly DateTime Start = DateTime.Now; public Clock() { _ = DateTime.Now; } }")));

    [Fact]
    public async Task A_helper_from_another_assembly_is_refused_with_the_way_out()
    {
        using var image = new MemoryStream();
        Assert.True(Check.Compile("Helpers", [("Helper.cs", "public static class Helper { public static void Run() { } public const int Limit = 3; }")]).Emit(image).Success);
        var mode = Check.Mode("static void Requested(State state) { state.Count = Helper.Limit; Helper.Run(); }");

        var said = Assert.Single(await Check.Compilation(Check.Compile("Tested", [("Mode.cs", mode)], Microsoft.CodeAnalysis.MetadataReference.CreateFromImage(image.ToArray()))));

        Assert.Contains("calls Helper.Run, which is not known to be deterministic, being compiled in Helpers", said.Message, StringComparison.Ordinal);
        Assert.Contains("Move it into the mode's project", said.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_namespace_does_not_make_an_assembly_trusted()
    {
        using var image = new MemoryStream();
        Assert.True(Check.Compile("Helpers", [("Helper.cs", "namespace System.Collections.Generic; public static class Helper { public static void Run() { } }")]).Emit(image).Success);
        var mode = Check.Mode("static void Requested(State state) => Helper.Run();");

        Assert.Single(await Check.Compilation(Check.Compile("Tested", [("Mode.cs", mode)], Microsoft.CodeAnalysis.MetadataReference.CreateFromImage(image.ToArray()))));
    }
}
