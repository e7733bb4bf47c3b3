using System.Text.Json.Nodes;
using Google.Protobuf;
using Macp.Grpc;
using Macp.Testing;
using Macp.Wire.Modes.Decision.V1;
using Macp.Wire.V1;

namespace Macp.Cli.Tests.Live;

/// <summary><c>macp sessions tail</c>.</summary>
public class SessionsTailTests
{
    [Fact]
    public async Task It_tells_the_history_then_what_is_said_and_ends_with_the_session()
    {
        await using var runtime = await Decisions.HostAsync();
        var session = await runtime.StartAsync("ann", "ann");
        await session.SuspendAsync("lunch");
        await using var tail = LiveInvocation.Start(runtime.Endpoint, "ann", "sessions", "tail", session.SessionId);
        var lines = await tail.LinesAsync(2);

        await session.ResumeAsync();
        await session.ProposeAsync(proposalId: "p", option: "x");
        await session.CommitAsync();
        lines.AddRange(await tail.LinesAsync(3));

        Assert.Equal(new Invocation(0, "", ""), await tail.EndAsync());
        string[][] fields = [.. lines.Select(line => line.Split("  ", 5 + 1, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
        Assert.Equal(["1", "-", "-", "2", "3"], fields.Select(f => f[0]));
        Assert.All(fields, f => Assert.Matches("^[0-9T:.-]+Z$", f[1]));
        Assert.Equal(["ann", "ann", "ann"], fields.Where(f => f[0] != "-").Select(f => f[2]));
        Assert.Equal(["SessionStart", "SessionSuspend", "SessionResume", "Proposal", "Commitment"], fields.Select(f => f[3]));
        Assert.Equal("""{ "proposal_id": "p", "option": "x" }""", fields[3][4]);
        Assert.Contains("\"lunch\"", fields[1][4], StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_begins_where_it_is_told_to()
    {
        await using var runtime = await Decisions.HostAsync();
        var session = await runtime.StartAsync("ann", "ann");
        await session.ProposeAsync(proposalId: "p", option: "x");
        await session.CommitAsync();

        var tail = await runtime.RunAsync("ann", "sessions", "tail", session.SessionId, "--after", "2", "--json");

        Assert.Equal(3, JsonNode.Parse(Assert.Single(tail.Lines))!["ordinal"]!.GetValue<int>());
    }

    [Fact]
    public async Task The_json_has_the_envelope_as_it_came_and_the_payload_as_it_reads()
    {
        await using var runtime = await Decisions.HostAsync();
        var session = await runtime.StartAsync("ann", "ann");
        await session.ProposeAsync(proposalId: "p", option: "x\ny\u001b[2J");
        await session.CancelAsync("enough");

        var tail = await runtime.RunAsync("ann", "sessions", "tail", session.SessionId, "--json");

        Assert.DoesNotContain(tail.Lines, line => line.Any(char.IsControl));
        JsonNode[] lines = [.. tail.Lines.Select(line => JsonNode.Parse(line)!)];
        Envelope[] envelopes = [.. lines.Select(line => Envelope.Parser.ParseJson(line["envelope"]!.ToJsonString()))];
        Assert.Equal([1, 2, null], lines.Select(line => line["ordinal"]?.GetValue<int>()));
        Assert.Equal(["SessionStart", "Proposal", "SessionCancel"], envelopes.Select(e => e.MessageType));
        var proposal = ProposalPayload.Parser.ParseJson(lines[1]["payload"]!.ToJsonString());
        Assert.Equal(("x\ny\u001b[2J", proposal), (proposal.Option, ProposalPayload.Parser.ParseFrom(envelopes[1].Payload)));
        Assert.Equal("enough", SessionCancelPayload.Parser.ParseJson(lines[2]["payload"]!.ToJsonString()).Reason);
        Assert.Contains("\"message_type\"", tail.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mode_of_the_host_is_read_and_the_payload_of_another_stays_base64()
    {
        await using var runtime = await TestRuntime.StartAsync(modes => modes.Add<AuctionMode>());
        var session = new AuctionSession(runtime.Connect("ann"));
        await session.StartAsync(new() { Intent = "sell", Participants = ["ann"], TimeToLive = TimeSpan.FromMinutes(5) });
        await session.BidAsync(lot: "x", amount: 5);
        await session.CancelAsync();
        string[] args = ["sessions", "tail", session.SessionId, "--after", "1", "--endpoint", runtime.Endpoint.Authority, "--token", "ann"];

        var hosted = await Invocation.OfAsync(modes => modes.Add<AuctionMode>(), args);
        var stock = await Invocation.OfAsync(args);
        var json = await Invocation.OfAsync([.. args, "--json"]);

        Assert.EndsWith("""Bid             { "lot": "x", "amount": 5 }""", hosted.Lines[0], StringComparison.Ordinal);
        Assert.EndsWith("Bid             CgF4EAU=", stock.Lines[0], StringComparison.Ordinal);
        Assert.Null(JsonNode.Parse(json.Lines[0])!["payload"]);
        Assert.Equal("CgF4EAU=", JsonNode.Parse(json.Lines[0])!["envelope"]!["payload"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("1.0.0", """{ "lot": "x", "amount": 5 }""")]
    [InlineData("2.0.0", """{ "proposal_id": "x" }""")]
    [InlineData("0.9.0", """{ "proposal_id": "x" }""")] // not hosted: the newest is the best guess
    public async Task A_payload_is_read_by_the_version_that_the_session_is_bound_to(string version, string payload)
    {
        await using var runtime = await FakeRuntime.StartAsync(new() { SessionId = "s", Mode = "ext.auction.v1", ModeVersion = version, Initiator = "ann" });
        runtime.OnStream = (_, responses) => responses.WriteAsync(new() { Envelope = new() { Mode = "ext.auction.v1", MessageType = "Bid", Payload = ByteString.FromBase64("CgF4EAU=") } }).AsTask();

        var tail = await Invocation.OfAsync(modes => modes.Add<AuctionMode>().Add<NextAuctionMode>(), ["sessions", "tail", "s", "--endpoint", runtime.Endpoint.Authority, "--token", "ann"]);

        Assert.EndsWith(payload + "\n", tail.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_not_of_their_type_and_times_of_no_calendar_do_not_end_it()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        runtime.OnStream = (_, responses) => responses.WriteAsync(new()
        {
            Envelope = new() { Sender = "eve\nforged", MessageType = "Proposal", Payload = ByteString.CopyFrom(0xff, 0xff), TimestampUnixMs = long.MaxValue },
        }).AsTask();

        Assert.Equal(new Invocation(0, "   1  -  eve forged  Proposal        //8=\n", ""), await Decisions.RunAsync(runtime.Endpoint, "ann", "sessions", "tail", "s"));
    }

    [Fact]
    public async Task A_broken_connection_is_made_again_and_nothing_is_told_twice()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        var subscriptions = new List<ulong>();
        runtime.OnStream = async (request, responses) =>
        {
            subscriptions.Add(request.AfterSequence);
            await responses.WriteAsync(new() { Envelope = new() { MessageType = "Vote", MessageId = $"m{subscriptions.Count}" } });
            if (subscriptions.Count < 3) throw new GrpcException(GrpcStatusCode.Unavailable, "going down");
        };

        var tail = await Decisions.RunAsync(runtime.Endpoint, "ann", "sessions", "tail", "s", "--after", "7", "--json");

        Assert.Equal((0, ""), (tail.Status, tail.Error));
        Assert.Equal([7ul, 8, 9], subscriptions);
        Assert.Equal([8, 9, 10], tail.Lines.Select(line => JsonNode.Parse(line)!["ordinal"]!.GetValue<int>()));
    }

    [Fact]
    public async Task A_runtime_that_does_not_come_back_ends_it_with_a_complaint()
    {
        var runtime = await Decisions.HostAsync();
        var session = await runtime.StartAsync("ann", "ann");
        await using var tail = LiveInvocation.Start(runtime.Endpoint, "ann", "sessions", "tail", session.SessionId);
        await tail.LineAsync();

        await runtime.DisposeAsync();
        var ended = await tail.EndAsync();

        Assert.Equal((1, ""), (ended.Status, ended.Output));
        Assert.Matches("^macp: the runtime at http://127.0.0.1:[0-9]+ cannot be reached, or has stopped: .+\n$", ended.Error);
    }

    [Fact]
    public async Task Interrupted_it_is_given_up_since_the_session_has_not_ended()
    {
        await using var runtime = await Decisions.HostAsync();
        var session = await runtime.StartAsync("ann", "ann");
        await using var tail = LiveInvocation.Start(runtime.Endpoint, "ann", "sessions", "tail", session.SessionId);
        await tail.LineAsync();

        Assert.Equal(new Invocation(130, "", "macp: given up\n"), await tail.InterruptAsync());
    }
}
