using System.Text.Json.Nodes;
using Macp.Client;
using Macp.Modes.Standard;
using Macp.Testing;
using Macp.Wire.V1;

namespace Macp.Cli.Tests.Live;

/// <summary><c>macp sessions list</c> and <c>show</c>.</summary>
public class SessionsTests
{
    const string Time = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z";

    [Fact]
    public async Task Open_sessions_of_the_caller_are_listed_and_finished_ones_on_request()
    {
        await using var runtime = await Decisions.HostAsync();
        var open = await runtime.StartAsync("ann", "ann", "bob");
        var finished = await runtime.StartAsync("ann", "a", "b", "c", "d", "e");
        await finished.CancelAsync();
        await runtime.StartAsync("eve", "eve");

        var live = await runtime.RunAsync("ann", "sessions", "list");
        var all = await runtime.RunAsync("ann", "sessions", "list", "--all");

        Assert.Equal((0, ""), (live.Status, live.Error));
        Assert.Matches("^SESSION +MODE +STATE +INITIATOR +PARTICIPANTS +STARTED +EXPIRES$", live.Lines[0]);
        Assert.Matches($"^{open.SessionId}  macp.mode.decision.v1  Open +ann +ann, bob +{Time}  {Time}$", Assert.Single(live.Lines.Skip(1)));
        Assert.Equal(2, all.Lines.Count - 1);
        Assert.Matches($"^{finished.SessionId}  macp.mode.decision.v1  Cancelled +ann +a, b, c and 2 more +{Time}  {Time}$", Assert.Single(all.Lines, line => line.StartsWith(finished.SessionId, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Where_there_is_none_the_table_has_its_head_and_the_json_nothing()
    {
        await using var runtime = await Decisions.HostAsync();

        Assert.Equal(new Invocation(0, "SESSION  MODE  STATE  INITIATOR  PARTICIPANTS  STARTED  EXPIRES\n", ""), await runtime.RunAsync("ann", "sessions", "list"));
        Assert.Equal(new Invocation(0, "", ""), await runtime.RunAsync("ann", "sessions", "list", "--json"));
    }

    [Fact]
    public async Task Pages_are_followed_to_the_end()
    {
        await using var runtime = await TestRuntime.StartAsync(modes => modes.Add<DecisionMode>(), options: new() { SessionsPageSize = 2 });
        for (int i = 0; i < 5; i++) await runtime.StartAsync("ann", "ann");

        Assert.Equal(5, (await runtime.RunAsync("ann", "sessions", "list", "--json")).Lines.Count);
    }

    [Fact]
    public async Task The_json_is_the_wires_own()
    {
        await using var runtime = await Decisions.HostAsync();
        var session = await runtime.StartAsync("ann", "ann");
        await session.ProposeAsync(proposalId: "p", option: "x");
        var told = (await session.MetadataAsync()).Metadata;

        foreach (string[] args in new string[][] { ["sessions", "list", "--json"], ["sessions", "show", session.SessionId, "--json"] })
        {
            string line = Assert.Single((await runtime.RunAsync("ann", args)).Lines);
            Assert.Equal(told, SessionMetadata.Parser.ParseJson(line));
            Assert.Equal(told.StartedAtUnixMs.ToString(), JsonNode.Parse(line)!["started_at_unix_ms"]!.GetValue<string>());
            Assert.Equal("SESSION_STATE_OPEN", JsonNode.Parse(line)!["state"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task A_session_is_shown_with_all_that_is_told_of_it()
    {
        await using var runtime = await Decisions.HostAsync();
        var session = await runtime.StartAsync("ann", "ann", "b", "c", "d", "e");
        await session.ProposeAsync(proposalId: "p", option: "x");
        await session.ProposeAsync(proposalId: "q", option: "y");

        var shown = await runtime.RunAsync("ann", "sessions", "show", session.SessionId);

        Assert.Equal((0, ""), (shown.Status, shown.Error));
        Assert.Matches(
            $"""
            ^session        {session.SessionId}
            mode           macp.mode.decision.v1 1.0.0
            state          Open
            initiator      ann
            participants   ann, b, c, d, e
            started        {Time}
            expires        {Time}
            configuration  config.default
            policy         policy.default
            context        -
            extensions     -

            SENDER  MESSAGES  LAST
            ann     2         {Time}
            $
            """, shown.Output);
    }

    [Theory]
    [InlineData("-aB3_x9-Qm7TzW2kLp0RvYc"), InlineData("--B3_x9-Qm7TzW2kLp0RvYc")]
    public async Task An_id_that_begins_like_an_option_is_an_id(string id)
    {
        await using var runtime = await Decisions.HostAsync();
        await runtime.StartAsync("ann", new SessionOptions { SessionId = id }, "ann");

        Assert.StartsWith($"session        {id}\n", (await runtime.RunAsync("ann", "sessions", "show", id)).Output, StringComparison.Ordinal);
        await using var tail = LiveInvocation.Start(runtime.Endpoint, "ann", "sessions", "tail", id);
        Assert.Contains("SessionStart", await tail.LineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_long_name_does_not_widen_every_line()
    {
        await using var runtime = await Decisions.HostAsync();
        await runtime.StartAsync("ann", "ann", new string('x', 10_000));
        var session = await runtime.StartAsync("ann", "ann");

        var listed = await runtime.RunAsync("ann", "sessions", "list");

        Assert.InRange(Assert.Single(listed.Lines, line => line.StartsWith(session.SessionId, StringComparison.Ordinal)).Length, 1, 300);
    }

    [Fact]
    public async Task Names_cannot_forge_lines_or_send_control_characters()
    {
        await using var runtime = await Decisions.HostAsync();
        var session = await runtime.StartAsync("ann", "ann", "eve\r\nSESSION-2  forged\u001b[2J\u009b1m");

        foreach (string[] args in new string[][] { ["list"], ["list", "--json"], ["show", session.SessionId], ["show", session.SessionId, "--json"] })
        {
            var told = await runtime.RunAsync("ann", ["sessions", .. args]);
            Assert.Contains("forged", told.Output, StringComparison.Ordinal);
            Assert.DoesNotContain(told.Lines, line => line.StartsWith("SESSION-2", StringComparison.Ordinal) || line.Any(char.IsControl));
        }
    }
}
