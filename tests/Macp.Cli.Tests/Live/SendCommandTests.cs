using System.Diagnostics;
using System.Text.Json.Nodes;
using Macp.Client;
using Macp.Modes.Standard;
using Macp.Wire.V1;

namespace Macp.Cli.Tests.Live;

/// <summary><c>macp send</c>: what is said on the command line reaches the runtime, and its answer is told.</summary>
public sealed class SendCommandTests : IDisposable
{
    const string Unknown = "00000000-0000-4000-8000-000000000000";

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("macp-send");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_session_is_played_from_its_start_to_its_commitment()
    {
        await using var runtime = await Decisions.HostAsync();

        var started = await runtime.RunAsync("ann", "send", "SessionStart", "--mode", StandardModes.Decision, "--intent", "lunch", "--participant", "ann", "--participant", "bob", "--ttl", "5m", "--json");
        string id = Ack.Parser.ParseJson(Assert.Single(started.Lines)).SessionId;
        var proposed = await runtime.RunAsync("ann", "send", "Proposal", """{"proposal_id":"p","option":"soup"}""", "--session", id);
        var voted = await runtime.RunAsync("bob", "send", "Vote", "--session", id, "--set", "proposal_id=p", "--set", "vote=approve", "--reason", "warm");
        var committed = await runtime.RunAsync("ann", "send", "Commitment", "--session", id, "--action", "decision.selected", "--scope", "kitchen", "--reason", "hungry");

        Assert.Matches($"^accepted  [0-9a-f-]{{36}}  {id}  Open\n$", proposed.Output);
        Assert.Equal((0, 0, ""), (proposed.Status, voted.Status, voted.Error));
        Assert.Matches($"^accepted  [0-9a-f-]{{36}}  {id}  Resolved\n$", committed.Output);
        var told = await runtime.Connect("ann").GetSessionAsync(id);
        Assert.Equal(["ann", "bob"], told.Participants);
        // The deadline counts from the timestamp that the command has put there.
        Assert.InRange(told.ExpiresAt!.Value - told.StartedAt!.Value, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task A_payload_comes_from_a_file_or_the_standard_input_too()
    {
        await using var runtime = await Decisions.HostAsync();
        var session = await runtime.StartAsync("ann", "ann");
        string file = Path.Combine(_folder.FullName, "proposal.json");
        await File.WriteAllTextAsync(file, """{ "proposal_id": "p", "option": "soup" }""");

        Assert.Equal(0, (await runtime.RunAsync("ann", "send", "Proposal", "@" + file, "--session", session.SessionId)).Status);
        Assert.Equal(0, await PipeAsync("""{"proposal_id":"q","option":"salad"}""", $"send Proposal - --session {session.SessionId} --endpoint {runtime.Endpoint.Authority} --token ann"));
        Assert.Equal(2u, (await runtime.Connect("ann").GetSessionAsync(session.SessionId)).Activity.Single().MessageCount);
    }

    [Fact]
    public async Task The_same_message_sent_again_is_a_duplicate()
    {
        await using var runtime = await Decisions.HostAsync();
        var session = await runtime.StartAsync("ann", "ann");
        string[] args = ["send", "Proposal", "--session", session.SessionId, "--set", "proposal_id=p", "--set", "option=o", "--message-id", "m-1", "--as", "ann"];

        Assert.StartsWith("accepted  m-1  ", (await runtime.RunAsync("ann", args)).Output, StringComparison.Ordinal);
        Assert.StartsWith("duplicate  m-1  ", (await runtime.RunAsync("ann", args)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_runtime_refuses_is_told_with_its_code_and_in_json_as_the_ack()
    {
        await using var runtime = await Decisions.HostAsync();
        var session = await runtime.StartAsync("ann", "ann");
        string[] args = ["send", "Vote", "--session", session.SessionId, "--set", "proposal_id=none", "--set", "vote=APPROVE"];

        var words = await runtime.RunAsync("ann", args);
        var json = await runtime.RunAsync("ann", [.. args, "--json"]);
        var forged = await runtime.RunAsync("ann", [.. args, "--as", "bob"]);

        Assert.Equal((1, ""), (words.Status, words.Output));
        Assert.StartsWith("macp: refused: INVALID_ENVELOPE: ", words.Error, StringComparison.Ordinal);
        var ack = Ack.Parser.ParseJson(Assert.Single(json.Lines));
        Assert.Equal((1, "", false, "INVALID_ENVELOPE"), (json.Status, json.Error, ack.Ok, ack.Error.Code));
        Assert.Equal(1, forged.Status);
        Assert.Contains("UNAUTHENTICATED", forged.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_reasons_of_a_policy_are_in_the_json()
    {
        await using var runtime = await Decisions.HostAsync();
        var ann = runtime.Connect("ann");
        await ann.RegisterPolicyAsync(DecisionPolicy.Create("policy.test", "d", new() { Voting = new() { Algorithm = VotingAlgorithm.Majority } }));
        var session = await runtime.StartAsync("ann", new SessionOptions { PolicyVersion = "policy.test" }, "ann");
        await session.ProposeAsync(proposalId: "p", option: "o");

        var denied = await runtime.RunAsync("ann", "send", "Commitment", "--session", session.SessionId, "--action", "decision.selected", "--scope", "s", "--reason", "r", "--json");

        var error = Ack.Parser.ParseJson(Assert.Single(denied.Lines)).Error;
        Assert.Equal("POLICY_DENIED", error.Code);
        Assert.NotEmpty(JsonNode.Parse(error.Details.ToStringUtf8())!["reasons"]!.AsArray());
    }

    [Fact]
    public async Task What_is_refused_for_its_form_is_not_sent_unless_the_runtime_shall_judge()
    {
        await using var runtime = await Decisions.HostAsync();
        string[] args = ["send", "SessionStart", "--mode", StandardModes.Decision, "--intent", "x", "--participant", "ann", "--ttl", "0s"];

        var here = await runtime.RunAsync("ann", args);
        var there = await runtime.RunAsync("ann", [.. args, "--no-check"]);

        Assert.Equal((2, "macp: INVALID_ENVELOPE: ttl_ms must be from 1 to 86400000; it is 0\n"), (here.Status, here.Error));
        Assert.Equal((1, "macp: refused: INVALID_ENVELOPE: ttl_ms must be from 1 to 86400000; it is 0\n"), (there.Status, there.Error));
    }

    [Fact]
    public async Task Fields_lead_inside_messages_and_maps_and_lists_grow()
    {
        await using var runtime = await Decisions.HostAsync();

        var started = await runtime.RunAsync("ann", "send", "SessionStart", """{"intent":"x","participants":["ann"],"policy_version":""}""", "--mode", StandardModes.Decision,
            "--session", Unknown, "--set", "participants=bob", "--set", "extensions.note=sälad", "--set", "ttl_ms=60000", "--set", "intent=y");

        Assert.Equal((0, ""), (started.Status, started.Error));
        Assert.Equal((Unknown, "ann bob", "note"), await runtime.Connect("ann").GetSessionAsync(Unknown) is var told ? (told.SessionId, string.Join(' ', told.Participants), string.Join(' ', told.ExtensionKeys)) : default);
        var superseded = await runtime.RunAsync("ann", "send", "Commitment", "--session", Unknown, "--action", "a", "--scope", "s", "--reason", "r", "--set", "supersedes.session_id=z", "--set", "supersedes.commitment_hash=no");
        Assert.Equal((2, "macp: INVALID_ENVELOPE: supersedes.commitment_hash must be 'sha256:' and 64 lower-case hexadecimal digits\n"), (superseded.Status, superseded.Error));
    }

    [Fact]
    public async Task A_signal_belongs_to_no_session()
    {
        await using var runtime = await Decisions.HostAsync();

        Assert.Matches("^accepted  [0-9a-f-]{36}\n$", (await runtime.RunAsync("ann", "send", "Signal", "--set", "signal_type=calm", "--set", "confidence=0.5")).Output);
        Assert.Matches("^accepted  [0-9a-f-]{36}\n$", (await Invocation.OfAsync("signal", "send", "--endpoint", runtime.Endpoint.Authority, "--token", "ann", "--", "-calm")).Output);
    }

    [Theory]
    [InlineData("a SessionStart needs --mode ID; 'macp modes' lists what is hosted", "SessionStart")]
    [InlineData("a Vote belongs to a session: say --session ID", "Vote", "--mode", StandardModes.Decision)]
    [InlineData("com.example.chess.v1 is not hosted here, so that its messages are not known; 'macp modes' lists what is", "Move", "--mode", "com.example.chess.v1", "--session", Unknown)]
    [InlineData("macp.mode.decision.v1 has no message type Approve; it has SessionStart, Proposal, Evaluation, Objection, Vote, Commitment", "Approve", "--mode", StandardModes.Decision, "--session", Unknown)]
    [InlineData("payload is not JSON: ", "Vote", "{", "--mode", StandardModes.Decision, "--session", Unknown)]
    [InlineData("payload.vot is no field of macp.modes.decision.v1.VotePayload; there are proposal_id, vote, reason", "Vote", """{"vot":"x"}""", "--mode", StandardModes.Decision, "--session", Unknown)]
    [InlineData("payload.vot is no field of macp.modes.decision.v1.VotePayload; there are proposal_id, vote, reason", "Vote", "--set", "vot=x", "--mode", StandardModes.Decision, "--session", Unknown)]
    [InlineData("payload.intent is no field of macp.modes.decision.v1.VotePayload", "Vote", "--intent", "x", "--mode", StandardModes.Decision, "--session", Unknown)]
    [InlineData("payload.vote is set twice", "Vote", "--set", "vote=x", "--set", "vote=y", "--mode", StandardModes.Decision, "--session", Unknown)]
    [InlineData("payload.vote has no field x", "Vote", "--set", "vote.x=y", "--mode", StandardModes.Decision, "--session", Unknown)]
    [InlineData("--set must be FIELD=VALUE; it is 'vote'", "Vote", "--set", "vote", "--mode", StandardModes.Decision, "--session", Unknown)]
    [InlineData("payload.confidence must be a number; it is \"high\"", "Evaluation", "--set", "confidence=high", "--mode", StandardModes.Decision, "--session", Unknown)]
    [InlineData("payload.extensions has entries; set one as extensions.KEY=VALUE", "SessionStart", "--set", "extensions=x", "--mode", StandardModes.Decision)]
    [InlineData("/nowhere/x.json: ", "Vote", "@/nowhere/x.json", "--mode", StandardModes.Decision, "--session", Unknown)]
    [InlineData("INVALID_ENVELOPE: message_id must not be empty", "Vote", "--message-id", "", "--mode", StandardModes.Decision, "--session", Unknown)]
    [InlineData("INVALID_SESSION_ID: ", "SessionStart", "--session", "s", "--mode", StandardModes.Decision)]
    public async Task What_cannot_be_sent_is_wrong_usage(string complaint, params string[] args)
    {
        // Nothing listens there: whatever is told is told before anything is sent.
        var refused = await Decisions.RunAsync(new Uri("http://127.0.0.1:1"), "ann", ["send", .. args]);

        Assert.Equal((2, ""), (refused.Status, refused.Output));
        Assert.StartsWith("macp: " + complaint, refused.Error, StringComparison.Ordinal);
    }

    static async Task<int> PipeAsync(string input, string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "macp"), arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
