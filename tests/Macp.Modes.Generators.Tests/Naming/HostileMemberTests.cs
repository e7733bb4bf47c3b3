using Macp.Modes.Generators.Tests.Harness;

namespace Macp.Modes.Generators.Tests.Naming;

/// <summary>Names that C# or the generated code has a use for itself.</summary>
public sealed class HostileMemberTests
{
    /// <summary>A mode of keywords: phases, state, entries, queries, and a payload with every kind of field.</summary>
    static readonly Source Keywords = new("KeywordMode.cs", """
        using Macp.Modes;
        using Macp.Wire.Tests;

        namespace App;

        [Mode("ext.keyword.v1", Title = "A \"title\"", Description = "1 < 2 & {3}\n\\")]
        public sealed partial class KeywordMode
        {
            public enum Phase { @new, @void, @finally }

            public sealed record @class(string Class, string @event, bool @is, @class? @base);

            public sealed partial class State
            {
                public Dictionary<string, @class> @default { get; } = new();
                public @class? @null { get; internal set; }
                public HashSet<string> @in { get; } = [];
                public Dictionary<Phase, List<int?>> @out { get; } = [];
                public List<Dictionary<int, HashSet<Phase>>> @ref { get; } = [];
                public DayOfWeek? @case { get; internal set; }
                public Google.Protobuf.ByteString? @byte { get; internal set; }
                internal float @float { get; set; }
                public ushort @ushort { get; internal set; }
                public string? @string { get; internal set; }
                public string[] @params { get; internal set; } = [];
            }

            [Message<Phase>("Recall", During = [Phase.@new, Phase.@void], MovesTo = Phase.@void)]
            [Required(nameof(HostilePayload.Class))]
            [OneOf(nameof(HostilePayload.Event), "a&b", "<c>", "\"d\"", Default = "<c>")]
            [OneOf(nameof(HostilePayload.Payload), "payload")]
            [References(nameof(HostilePayload.Class), In = nameof(State.@null), Where = nameof(@class.@is), By = nameof(@class.@event))]
            [References(nameof(HostilePayload.State), In = nameof(State.@default), Where = nameof(@class.@is), By = nameof(@class.@event))]
            [OncePerSender(In = nameof(State.@in))]
            [NamesSender(nameof(HostilePayload.Call))]
            [NamesSender(nameof(HostilePayload.String))]
            [Unique(nameof(HostilePayload.Message), In = nameof(State.@default))]
            [Reserved(nameof(HostilePayload.Default))]
            [Reserved(nameof(HostilePayload.Client))]
            static void @static(State state, HostilePayload @params) { }

            [Message<Phase>("FoldRecall")]
            [OncePerSession(In = nameof(State.@null))]
            static void Evolve(State state, HostilePayload payload) { }

            [Message<Phase>("Payloads", During = [Phase.@new])]
            static void PhaseOf(State state, HostilePayload payload) { }

            [Message<Phase>("Equals")]
            static void Decide(State state, HostilePayload payload) { }

            [Message<Phase>("ToString")]
            static void Check(State state, HostilePayload payload) { }

            [Guard("Recall")]
            static Rejection? CheckRecall(HostilePayload payload) => null;

            [Guard("Recall", "Equals")]
            static Rejection? DecideRecall() => null;

            [ComesDue("Recall")]
            static DueMessage? After(State state) => null;

            [ComesDue("Recall")]
            static DueMessage? Some() => null;

            [ComesDue("Equals")]
            static DueMessage? due() => null;

            [LegacyPayload("Recall")]
            static HostilePayload? Read(ReadOnlySpan<byte> bytes) => null;

            [StartRule]
            static Rejection? CanStart(SessionContext session) => null;

            [Commitment<Phase>(MovesTo = Phase.@finally)]
            static Rejection? CanCommit(State state, SessionContext session, bool positive) => null;

            public static bool @event(State state) => true;

            public static string? @as(State state, SessionContext own, string @class, string state1 = "a\"b", char c = '\'', Phase phase = Phase.@void) => null;

            public static double Numbers(
                State state, double a = double.NaN, double b = double.NegativeInfinity, float c = 1.5f, decimal d = 1.5m, long e = long.MinValue, Level f = (Level)(-1), Level? g = Level.High,
                int? h = 5, float i = float.PositiveInfinity, uint j = 7) => 0;

            public static string Own(State held, string state, string session, SessionContext context) => "";

            public static IReadOnlyDictionary<string, IReadOnlyList<IReadOnlySet<string>>> Nested(State state, params string[] names) => throw new NotSupportedException();

            public enum Level : short { Low, High }
        }
        """);

    [Fact]
    public void Keywords_and_generated_names_may_be_the_author_s_names_too() => Generate.From(Keywords, ClientStub.Source).Compiles();

    [Fact]
    public async Task None_of_them_is_a_finding() => Assert.Empty(await Analyze.Run(Keywords, ClientStub.Source));

    [Fact]
    public void A_phase_computed_may_be_called_like_the_generated_one() => Generate.From(Auction.Source
        .With(", MovesTo = Phase.Closed", "").With("[StartRule]", "[ComputedPhase]\n    static Phase PhaseOf(State state) => Phase.Open;\n\n    [StartRule]"), ClientStub.Source).Compiles();

    [Fact]
    public void What_a_client_leaves_unset_stays_unset()
    {
        string session = Generate.From(Keywords, ClientStub.Source).Part("Session");
        Assert.Contains("if (@case is { } caseSet) payload.Case = caseSet;", session, StringComparison.Ordinal);
        Assert.DoesNotContain("Case = @case ??", session, StringComparison.Ordinal);
        Assert.Contains("string payloadValue,", session, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wire_name_is_the_field_s_and_json_keys_are_the_properties()
    {
        var generated = Generate.From(Keywords, ClientStub.Source);
        Assert.Contains("Blank(\"class\")", generated.Part("Validator"), StringComparison.Ordinal);
        Assert.Contains("json.Key(\"default\")", generated.Part("State"), StringComparison.Ordinal);
        Assert.Contains("Phases = [\"new\", \"void\", \"finally\"]", generated.Part("Descriptor"), StringComparison.Ordinal);
    }
}
