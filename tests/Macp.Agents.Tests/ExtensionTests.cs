using Google.Protobuf;
using Macp.Client;
using Macp.Modes.Standard;
using Macp.Testing;
using Macp.Wire.V1;

namespace Macp.Agents.Tests;

public class ExtensionTests
{
    const string Mode = "ext.lunch.v1";

    [Fact]
    public async Task A_mode_that_is_known_by_name_is_played_until_its_commitment()
    {
        await using var runtime = await TestRuntime.StartAsync(modes => modes.Add<DecisionMode>());
        await runtime.Connect("alice").RegisterExtModeAsync(new()
        {
            Mode = Mode, ModeVersion = "1.0.0", Title = "Lunch", Description = "Where to eat.", DeterminismClass = "none", ParticipantModel = "open",
            MessageTypes = { "SessionStart", "Suggest", "Commitment" }, TerminalMessageTypes = { "Commitment" },
        });
        string id = Macp.Protocol.SessionIds.New();
        var suggestions = new List<string>();
        var alice = new MacpParticipant<ExtensionSession>(new(runtime.Connect("alice"), Mode, new() { SessionId = id }), new()
        {
            Initiator = new()
            {
                Start = new() { Intent = "eat", Participants = ["alice", "bob"], TimeToLive = TimeSpan.FromMinutes(5) },
                Kickoff = Kickoff.OfJson("Suggest", System.Text.Json.JsonDocument.Parse("""{"place":"inn"}""").RootElement),
            },
        }).On("Suggest", async (context, token) =>
        {
            suggestions.Add($"{context.Sender} {context.Message.Payload.ToStringUtf8()}");
            Assert.False(context.Change.IsPhaseChange);
            if (suggestions.Count == 2) await context.Session.CommitAsync(Decisions.Outcome, cancellationToken: token);
        });
        bool answered = false;
        var bob = new MacpParticipant<ExtensionSession>(new(runtime.Connect("bob"), Mode, new() { SessionId = id })).On("Suggest", async (context, token) =>
        {
            if (answered) return;
            answered = true;
            await context.Session.SendAsync("Suggest", ByteString.CopyFromUtf8("the harbour"), cancellationToken: token);
        });

        var results = await Task.WhenAll(alice.RunAsync(), bob.RunAsync()).Happens();

        Assert.All(results, result => Assert.Equal(("day.chosen", SessionState.Resolved), (result.Commitment!.Action, result.State)));
        Assert.Equal(["""alice {"place":"inn"}""", "bob the harbour"], suggestions);
        Assert.Equal(TranscriptProjection.Progress.Committed, bob.Session.Projection.Phase);
        Assert.Equal(["SessionStart", "Suggest", "Suggest", "Commitment"], bob.Session.Projection.Transcript.Select(envelope => envelope.MessageType));
        Assert.Equal("""{"phase":"Committed"}""", bob.Session.Projection.ToJson());
    }

    [Theory]
    [InlineData("Suggest", "{}", "Suggest")] // no message of the mode
    [InlineData("Commitment", "{}", "Commitment")] // not how a session begins
    [InlineData("Proposal", """{"proposalId":"p1","place":"inn"}""", "place")]
    [InlineData("Proposal", """{"proposalId":7}""", "ProposalPayload")]
    public async Task A_kickoff_that_the_mode_does_not_know_is_refused_before_anything_is_sent(string type, string payload, string named)
    {
        await using var decisions = await Decisions.StartAsync();
        var kickoff = Kickoff.OfJson(type, System.Text.Json.JsonDocument.Parse(payload).RootElement);
        var alice = decisions.Join("alice", new() { Initiator = new() { Start = Decisions.Start, Kickoff = kickoff } });

        Assert.Contains(named, (await Assert.ThrowsAsync<MacpConfigurationException>(() => alice.RunAsync().Happens())).Message);
        await Assert.ThrowsAsync<MacpTransportException>(() => alice.Session.MetadataAsync());
    }

    [Fact]
    public async Task A_kickoff_may_be_typed_or_encoded_too()
    {
        var proposal = new Macp.Wire.Modes.Decision.V1.ProposalPayload { ProposalId = "p1", Option = "monday" };
        foreach (var kickoff in new[] { Kickoff.Of("Proposal", proposal), Kickoff.OfBytes("Proposal", proposal.ToByteString()) })
        {
            await using var decisions = await Decisions.StartAsync();
            var alice = decisions.Join("alice", new() { Initiator = new() { Start = Decisions.Start, Kickoff = kickoff } })
                .On("Proposal", (context, token) => context.Session.CommitAsync(Decisions.Outcome, cancellationToken: token));
            Assert.Equal(SessionState.Resolved, (await alice.RunAsync().Happens()).State);
            Assert.Equal("monday", alice.Session.Projection.Proposals["p1"].Option);
        }
        await using var other = await Decisions.StartAsync();
        var wrong = other.Join("alice", new() { Initiator = new() { Start = Decisions.Start, Kickoff = Kickoff.Of("Vote", proposal) } });
        Assert.Contains("VotePayload", (await Assert.ThrowsAsync<MacpConfigurationException>(() => wrong.RunAsync().Happens())).Message);
    }
}
