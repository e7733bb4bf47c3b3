using Macp.Modes.Generators.Pipeline;
using Macp.Modes.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Macp.Modes.Generators.Tests.Incrementality;

/// <summary>What runs again after which edit, in a compilation of two modes that knows the client library.</summary>
public sealed class CachingTests
{
    static readonly Source First = Auction.Source, Second = Auction.Named("Raffle");

    static readonly Source Payload = new("Payload.cs", HandMade("App", "SealPayload", "Seal"));

    static readonly Source Sealing = Auction.Named("Sealing").With("using Macp.Wire.Tests;", "using Macp.Wire.Tests; using App;").With("PassPayload pass", "SealPayload pass")
        .With("[NamesParticipant(nameof(PassPayload.To), NotSender = true, Optional = true)]", "[Required(nameof(SealPayload.Seal))]");

    [Fact]
    public void An_edit_of_an_unrelated_file_runs_nothing() =>
        Assert.Equal(RunReasons.NothingRan, After(With("Elsewhere.cs", "class Elsewhere { int more; }")));

    [Fact]
    public void An_unrelated_file_more_runs_nothing() =>
        Assert.Equal(RunReasons.NothingRan, After(compilation => compilation.AddSyntaxTrees(new Source("More.cs", "class More;").Parse())));

    [Fact]
    public void A_comment_in_the_mode_s_own_file_runs_nothing() =>
        Assert.Equal(RunReasons.NothingRan, After(With(First.With("[Guard(\"Bid\")]", "// Higher, not equal.\n    [Guard(\"Bid\")]"))));

    [Fact]
    public void A_reducer_s_body_runs_nothing() =>
        Assert.Equal(RunReasons.NothingRan, After(With(First.With("state.Passed.Add(message.Sender)", "_ = state.Passed.Add(message.Sender)"))));

    [Fact]
    public void A_reducer_that_takes_away_what_another_added_runs_its_mode_alone() =>
        Assert.Equal(RunReasons.OneModeChanged, After(With(First.With("state.Passed.Add(message.Sender)", "state.Passed.Remove(message.Sender)"))));

    [Fact]
    public void A_changed_argument_of_an_attribute_runs_its_mode_alone() =>
        Assert.Equal(RunReasons.OneModeChanged, After(With(First.With("0, 1000)", "0, 2000)"))));

    [Fact]
    public void A_message_more_runs_its_mode_alone() => Assert.Equal(RunReasons.OneModeChanged, After(With(First.With(
        "[StartRule]", "[Message<Phase>(\"Nod\")]\n    static void Nods(State state, PassPayload nod) { }\n\n    [StartRule]"))));

    [Fact]
    public void A_renamed_payload_runs_its_mode_alone() => Assert.Equal(RunReasons.OneModeChanged, After(
        compilation => Replace(Replace(compilation, Payload.With("SealPayload", "StampPayload")), Sealing.With("SealPayload", "StampPayload")), First, Sealing, Payload));

    [Fact]
    public void A_retyped_field_of_a_payload_runs_its_mode_alone() => Assert.Equal(RunReasons.OneModeChanged, After(
        compilation => Replace(compilation, Payload.With("public string Extra", "public int Extra")), First, Sealing, Payload));

    [Fact]
    public void A_mode_more_runs_for_that_mode_alone() => Assert.Equal(
        new RunReasons("New", "", "New", "", "New", "New New"), After(compilation => compilation.AddSyntaxTrees(Auction.Named("Tender").Parse())));

    [Fact]
    public void A_mode_less_removes_what_was_made_of_it() => Assert.Equal(
        new RunReasons("Removed", "", "Removed", "", "Removed", "Removed Removed"), After(compilation => compilation.RemoveSyntaxTrees(Tree(compilation, Second.Path))));

    [Fact]
    public void The_client_library_s_appearance_makes_sessions_and_nothing_else() => Assert.Equal(
        new RunReasons("", "", "", "Modified", "New New", "New New"),
        After(compilation => compilation.AddSyntaxTrees(ClientStub.Source.Parse()), client: false, First, Second));

    [Fact]
    public void Every_named_step_is_asked_for_by_these_tests() => Assert.Equal(
        typeof(TrackingNames).GetFields().Select(f => (string)f.GetRawConstantValue()!).Order(StringComparer.Ordinal),
        typeof(RunReasons).GetProperties().Select(p => p.Name).Where(n => n is not (nameof(RunReasons.Outputs) or nameof(RunReasons.NothingRan) or nameof(RunReasons.OneModeChanged))).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_named_step_runs_at_all()
    {
        var result = Generate.Driver().RunGenerators(Compile.Of(First, ClientStub.Source)).GetRunResult().Results.Single();
        Assert.All(typeof(TrackingNames).GetFields(), name => Assert.Contains((string)name.GetRawConstantValue()!, result.TrackedSteps.Keys));
    }

    static Func<Compilation, Compilation> With(Source changed) => compilation => Replace(compilation, changed);

    static Func<Compilation, Compilation> With(string path, string text) => With(new Source(path, text));

    static Compilation Replace(Compilation compilation, Source changed) => compilation.ReplaceSyntaxTree(Tree(compilation, changed.Path), changed.Parse());

    static SyntaxTree Tree(Compilation compilation, string path) => compilation.SyntaxTrees.Single(t => t.FilePath == path);

    static RunReasons After(Func<Compilation, Compilation> edit) => After(edit, First, Second);

    static RunReasons After(Func<Compilation, Compilation> edit, params IReadOnlyList<Source> sources) => After(edit, client: true, sources);

    static RunReasons After(Func<Compilation, Compilation> edit, bool client, params IReadOnlyList<Source> sources)
    {
        Compilation compilation = Compile.Of([.. sources, new("Elsewhere.cs", "class Elsewhere;"), .. client ? (Source[])[ClientStub.Source] : []]);
        var driver = Generate.Driver().RunGenerators(compilation);
        return RunReasons.Of(driver.RunGenerators(edit(compilation)).GetRunResult().Results.Single());
    }

    /// <summary>A payload written by hand: to the reader a protobuf message is what implements the interface.</summary>
    static string HandMade(string @namespace, string name, string field) => $$"""
        namespace {{@namespace}};

        public abstract class {{name}} : Google.Protobuf.IMessage
        {
            public string {{field}} { get; set; } = "";
            public string Extra { get; set; }
        }
        """;
}
