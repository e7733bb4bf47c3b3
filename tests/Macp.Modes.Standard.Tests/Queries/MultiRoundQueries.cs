using Google.Protobuf;
using Macp.Modes.MultiRound;
using Macp.Wire.Modes.MultiRound.V1;
using static Macp.Modes.Standard.Tests.Queries.Told<Macp.Modes.MultiRound.MultiRoundMode, Macp.Modes.MultiRound.MultiRoundProjection>;
using Rounds = Macp.Modes.Standard.Tests.Queries.Told<Macp.Modes.MultiRound.MultiRoundMode, Macp.Modes.MultiRound.MultiRoundProjection>;

namespace Macp.Modes.Standard.Tests.Queries;

/// <summary>What a convergence's projection answers.</summary>
public sealed class MultiRoundQueries
{
    [Fact]
    public void The_latest_value_of_each_counts()
    {
        var told = new Rounds().Say(Ana, Value("blue")).Say(Ben, Value("green")).Say(Ana, Value("green"));

        Assert.Equal([new(Ana, "green"), new(Ben, "green")], told.Projection.Contributions.OrderBy(entry => entry.Key, StringComparer.Ordinal));
        Assert.Equal([new("green", 2)], told.Projection.Supporters);
    }

    [Fact]
    public void A_round_is_a_value_that_is_new_or_changed()
    {
        var told = new Rounds();
        Assert.Equal(0, told.Projection.Round);
        Assert.Equal(1, told.Say(Ana, Value("blue")).Projection.Round);
        Assert.Equal(1, told.Say(Ana, Value("blue")).Projection.Round);
        Assert.Equal(2, told.Say(Ana, Value("green")).Projection.Round);
        Assert.Equal(3, told.Say(Ben, Value("green")).Projection.Round);
    }

    [Fact]
    public void They_converge_once_everybody_has_the_same_value()
    {
        var told = new Rounds(Ana, Ben).Say(Ana, Value("blue"));
        Assert.Equal((false, null), (told.Projection.IsConverged, told.Projection.ConvergedValue));

        told.Say(Ben, Value("Blue"));
        Assert.Equal((false, null), (told.Projection.IsConverged, told.Projection.ConvergedValue));

        told.Say(Ben, Value("blue"));
        Assert.Equal((true, "blue"), (told.Projection.IsConverged, told.Projection.ConvergedValue));
        Assert.NotNull(told.Judge(Ana, Value("green")));
        Assert.Equal("blue", told.Commit(true).Projection.ConvergedValue);
    }

    [Fact]
    public void Who_has_not_read_the_start_knows_of_no_convergence()
    {
        var late = new MultiRoundProjection();
        late.Apply(new Rounds().Envelope(Ana, Value("blue")));

        Assert.Equal((1, false), (late.Round, late.IsConverged));
    }

    [Theory]
    [InlineData("""{"value":"blue"}""", "blue")]
    [InlineData("""{ "note": 1, "value": "" }""", "")]
    public void The_older_form_is_read_in_a_history(string json, string value)
    {
        var told = new Rounds();
        var envelope = told.Envelope(Ana, Value("unused"));
        envelope.Payload = ByteString.CopyFromUtf8(json);

        Assert.Equal(ProjectionResult.Applied, told.Projection.Apply(envelope));
        Assert.Equal(value, told.Projection.Contributions[Ana]);
    }

    [Fact]
    public void Text_that_looks_like_the_older_form_is_text()
    {
        var told = new Rounds().Say(Ana, Value("""{"value":"blue"}"""));

        Assert.Equal("""{"value":"blue"}""", told.Projection.Contributions[Ana]);
    }

    [Fact]
    public void The_phase_and_what_may_be_committed_follow_the_convergence()
    {
        var told = new Rounds(Ana, Ben);
        Assert.Equal((MultiRoundMode.Phase.Gathering, ""), Standing(told));
        Assert.Equal((MultiRoundMode.Phase.Gathering, ""), Standing(told.Say(Ana, Value("x"))));
        Assert.Equal((MultiRoundMode.Phase.Converged, "+-"), Standing(told.Say(Ben, Value("x"))));
        Assert.Equal((MultiRoundMode.Phase.Committed, ""), Standing(told.Commit(false)));
    }

    [Fact]
    public void What_a_reader_holds_does_not_change()
    {
        var told = new Rounds().Say(Ana, Value("blue"));
        var (contributions, supporters) = (told.Projection.Contributions, told.Projection.Supporters);

        told.Say(Ana, Value("green")).Say(Ben, Value("green"));

        Assert.Equal("blue", Assert.Single(contributions).Value);
        Assert.Equal([new("blue", 1)], supporters);
        Copies.AreHandedOut(() => told.Projection.Contributions);
        Copies.AreHandedOut(() => told.Projection.Supporters);
    }

    static (MultiRoundMode.Phase, string) Standing(Rounds told) => (told.Projection.Phase, told.Signs(told.Projection.CanCommit));

    static ContributePayload Value(string value) => new() { Value = value };
}
