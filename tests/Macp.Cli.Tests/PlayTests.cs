using System.Text.Json.Nodes;

namespace Macp.Cli.Tests;

public sealed class PlayTests : IDisposable
{
    readonly Scenario _scenario = new();

    [Fact]
    public async Task Without_a_file_it_tells_the_scenario_that_comes_with_the_command()
    {
        var played = await Invocation.OfAsync("play");

        Assert.Equal((0, ""), (played.Status, played.Error));
        Assert.Contains("agent://intern       Vote        REJECTED FORBIDDEN", played.Output, StringComparison.Ordinal);
        Assert.Contains("tally         votes canary: 2 APPROVE\n", played.Output, StringComparison.Ordinal);
        Assert.Contains("state         Resolved\n", played.Output, StringComparison.Ordinal);
        Assert.Contains("commitment    decision.selected, a positive outcome\n", played.Output, StringComparison.Ordinal);
        Assert.Matches("(?m)^hash          sha256:[0-9a-f]{64}$", played.Output);
        Assert.Equal("result        8 messages accepted, 2 rejected, everything as expected", played.Lines[^1]);
        Assert.Equal(["Proposal", "Evaluation", "Voting", "Committed"], played.Lines.Where(l => l.StartsWith("  -- phase ", StringComparison.Ordinal)).Select(l => l[11..]));
    }

    [Fact]
    public async Task Each_illegal_message_is_shown_with_its_code_and_the_session_still_resolves()
    {
        var fixture = JsonNode.Parse(File.ReadAllText(Scenario.Shipped(Scenario.Fixture)))!;
        var expected = fixture["messages"]!.AsArray().Select((m, i) => (
            Number: $"{i + 1}", Sender: m!["sender"]!.GetValue<string>(), Type: m["message_type"]!.GetValue<string>(),
            Verdict: m["expected_error_code"] is { } code ? $"REJECTED {code}" : "ACCEPTED"));

        var played = await Invocation.OfAsync("play", Scenario.Shipped(Scenario.Fixture));

        Assert.Equal((0, ""), (played.Status, played.Error));
        Assert.Equal(expected, played.Lines.Where(l => l.Contains("  REJECTED ", StringComparison.Ordinal) || l.EndsWith("  ACCEPTED", StringComparison.Ordinal))
            .Select(l => l.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Select(cells => (cells[0], cells[1], cells[2], cells[3])));
        Assert.Contains("state         Resolved\n", played.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expectation_that_does_not_hold_is_marked_where_it_failed_and_told_at_the_end()
    {
        var played = await Invocation.OfAsync("play", _scenario.Changed(f => (f["messages"]![3]!["expected_error_code"], f["expected_final_state"]) = ("FORBIDDEN", "Open")));

        Assert.Equal((1, ""), (played.Status, played.Error));
        Assert.Contains("  !! expected FORBIDDEN, got SESSION_NOT_OPEN: ", played.Output, StringComparison.Ordinal);
        Assert.Contains("FAILED        messages[3] (Proposal of agent://a): expected FORBIDDEN", played.Output, StringComparison.Ordinal);
        Assert.Contains("FAILED        the session is Resolved, expected Open\n", played.Output, StringComparison.Ordinal);
        Assert.Equal("result        2 expectations did not hold", played.Lines[^1]);
    }

    [Theory]
    [InlineData("mode", "\"macp.mode.chess.v1\"", "mode macp.mode.chess.v1 is not hosted")]
    [InlineData("mode_version", "\"2.0.0\"", "mode_version 2.0.0 of macp.mode.decision.v1 is not hosted; 1.0.0 is")]
    [InlineData("ttl_ms", "\"long\"", "ttl_ms must be a whole number")]
    [InlineData("ttl", "1", "ttl is not a field of a fixture")]
    [InlineData("messages", "7", "messages must be a list")]
    [InlineData("policy", "7", "policy must be an object")]
    [InlineData("policy", "{}", "policy.policy_id is missing")]
    [InlineData("policy", """{ "policy_id": "p", "mode": "*", "schema_version": 3, "rules": {}, "rule": {} }""", "policy.rule is not a field of a fixture")]
    public async Task A_file_that_cannot_be_used_is_told_with_its_name_and_the_field(string field, string value, string error)
    {
        string file = _scenario.Changed(f => f[field] = JsonNode.Parse(value));

        var played = await Invocation.OfAsync("play", file);

        Assert.Equal((2, ""), (played.Status, played.Output));
        Assert.StartsWith($"macp: {file}: {error}", played.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("payload", """{ "proposal": "p1" }""", "messages[1].payload is not a macp.modes.decision.v1.VotePayload: ")]
    [InlineData("payload", """{ "vote": 7.5 }""", "messages[1].payload is not a macp.modes.decision.v1.VotePayload: ")]
    [InlineData("payload_type", "\"macp.modes.chess.v1.MovePayload\"", "messages[1].payload is said to be a macp.modes.chess.v1.MovePayload by payload_type; ")]
    [InlineData("expect", "\"refuse\"", "messages[1].expect must be accept or reject")]
    [InlineData("sender", "\"two\\nlines\"", "messages[1].sender must be printable ASCII")]
    public async Task A_message_that_cannot_be_used_is_told_with_its_place(string field, string value, string error)
    {
        string file = _scenario.Changed(f => f["messages"]![1]![field] = JsonNode.Parse(value));

        var played = await Invocation.OfAsync("play", file);

        Assert.Equal((2, ""), (played.Status, played.Output));
        Assert.StartsWith($"macp: {file}: {error}", played.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("scenario: yaml", "it is not JSON")]
    [InlineData("", "it is not JSON")]
    [InlineData("[1]", "it holds no JSON object")]
    [InlineData("{\"mode\":\"a\",\"mode\":\"b\"}", "it is not JSON: Duplicate property 'mode'")]
    [InlineData("{\"initiator\":\"\\ud800\"}", "$.initiator holds half a character")]
    public async Task A_file_that_holds_no_object_is_told_so(string text, string error)
    {
        string file = _scenario.Write("bad.json", text);

        var played = await Invocation.OfAsync("play", file);

        Assert.Equal(2, played.Status);
        Assert.StartsWith($"macp: {file}: {error}", played.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_file_is_named()
    {
        Assert.Equal(new Invocation(2, "", "macp: nowhere.json: there is no such file\n"), await Invocation.OfAsync("play", "nowhere.json"));
        Assert.Equal(new Invocation(2, "", "macp: '': there is no such file\n"), await Invocation.OfAsync("play", ""));
        Assert.Equal(new Invocation(2, "", $"macp: {_scenario.Folder}: it is a folder\n"), await Invocation.OfAsync("play", _scenario.Folder));
    }

    [Fact]
    public async Task A_start_that_the_runtime_refuses_is_told_with_its_code()
    {
        var played = await Invocation.OfAsync("play", _scenario.Changed(f => f["ttl_ms"] = 86_400_001));

        Assert.Equal((1, ""), (played.Status, played.Output));
        Assert.StartsWith("macp: the scenario could not be played to its end: INVALID_ENVELOPE: the runtime refused the start: ", played.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_message_says_cannot_play_tricks_on_the_terminal()
    {
        var played = await Invocation.OfAsync("play", _scenario.Changed(f => f["messages"]![1]!["payload"]!["reason"] = "good\n  9  agent://b  Vote  ACCEPTED\u001b[2J"));

        Assert.Equal(0, played.Status);
        Assert.DoesNotContain('\u001b', played.Output);
        Assert.Equal(10, played.Lines.Count(l => System.Text.RegularExpressions.Regex.IsMatch(l, "^ +[0-9]+  agent://")));
    }

    [Fact]
    public async Task It_is_given_up_when_it_is_cancelled()
    {
        var given = await Invocation.OfAsync(null, ["play"], new CancellationToken(canceled: true));

        Assert.Equal((130, "", "macp: given up\n"), (given.Status, given.Output, given.Error));
    }

    public void Dispose() => _scenario.Dispose();
}
