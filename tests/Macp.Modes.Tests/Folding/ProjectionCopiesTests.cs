using static Macp.Modes.Tests.Folding.Envelopes;

namespace Macp.Modes.Tests.Folding;

/// <summary>What a projection hands out is the reader's own.</summary>
public class ProjectionCopiesTests
{
    readonly TallyProjection _projection = new();

    public ProjectionCopiesTests()
    {
        _projection.Apply(Start(participants: "ana"));
        for (int i = 0; i < 20; i++) _projection.Apply(Word($"w{i % 7}", $"m{i}"));
    }

    [Fact]
    public void A_copy_of_the_state_equals_it_and_is_another()
    {
        var copy = _projection.CopyState();
        Assert.Equal(copy, _projection.CopyState());
        Assert.Equal(_projection.Words, copy.Counts.Values.Sum());
        copy.Counts.Clear();
        Assert.Equal(20, _projection.Words);
        Assert.NotEqual(copy, _projection.CopyState());
    }

    [Fact]
    public void The_transcript_is_the_readers_own()
    {
        var transcript = _projection.Transcript;
        foreach (var envelope in transcript) (envelope.MessageType, envelope.Sender) = ("Unheard", "eve");
        Assert.Equal(20, _projection.CopyState().InOrder.Count);
        Assert.Equal("ana", _projection.Transcript[0].Sender);
    }

    [Fact]
    public void Who_applied_an_envelope_may_go_on_using_it()
    {
        var envelope = Word("again", "m20");
        _projection.Apply(envelope);
        envelope.MessageType = "Unheard";
        envelope.MessageId = "m21";
        Assert.Equal(21, _projection.CopyState().InOrder.Count);
        Assert.Equal("m20", _projection.Transcript[^1].MessageId);
    }

    [Fact]
    public void The_commitment_is_the_readers_own()
    {
        _projection.Apply(Commitment());
        _projection.Commitment!.Action = "changed";
        Assert.Equal("tally.completed", _projection.Commitment.Action);
    }

    [Fact]
    public void A_table_does_not_change_under_its_reader()
    {
        var before = _projection.Counts;
        _projection.Apply(Word("new", "m20"));
        Assert.False(before.ContainsKey("new"));
        Assert.True(_projection.Counts.ContainsKey("new"));
    }

    [Fact]
    public async Task Readers_see_whole_messages_while_they_are_applied()
    {
        var projection = new TallyProjection();
        projection.Apply(Start());
        using var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            int last = 0, reads = 0;
            while (!done.IsCancellationRequested || reads == 0)
            {
                var (sum, length) = projection.Halves;
                Assert.Equal(sum, length);
                Assert.InRange(sum, last, int.MaxValue);
                Assert.InRange(projection.Transcript.Count, sum, int.MaxValue);
                if (++reads % 50 == 0) Assert.InRange(projection.CopyState().InOrder.Count, sum, int.MaxValue);
                projection.ToJson();
                last = sum;
            }
        })).ToArray();
        // Two writers deliver the same messages, as a stream and an acknowledgement may.
        var writers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 2_000; i++) projection.Apply(Word($"w{i % 5}", $"m{i}"));
        })).ToArray();
        await Task.WhenAll(writers);
        await done.CancelAsync();
        await Task.WhenAll(readers);
        Assert.Equal((2_000, 2_000), projection.Halves);
    }
}
