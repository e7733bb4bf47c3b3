using System.Text.Json.Nodes;
using Macp.Modes.Standard;
using Macp.Wire.V1;

namespace Macp.Cli.Tests.Live;

/// <summary><c>macp policy</c>.</summary>
public sealed class PolicyCommandTests : IDisposable
{
    const string Majority = """
        { "_comment": "for readers", "policy_id": "policy.acme", "mode": "macp.mode.decision.v1", "schema_version": 3, "description": "More for\u001b[2J it.", "rules": { "voting": { "algorithm": "majority" } } }
        """;

    readonly Scenario _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_policy_is_registered_listed_shown_and_taken_out()
    {
        await using var runtime = await Decisions.HostAsync();
        string file = _folder.Write("majority.json", Majority);

        Assert.Equal(new Invocation(0, "registered  policy.acme\n", ""), await runtime.RunAsync("ann", "policy", "register", file));
        var listed = await runtime.RunAsync("ann", "policy", "list", "--mode", StandardModes.Decision);
        var shown = await runtime.RunAsync("ann", "policy", "get", "policy.acme");
        Assert.Matches("^POLICY +MODE +SCHEMA +REGISTERED +DESCRIPTION$", listed.Lines[0]);
        Assert.Matches("^policy.acme +macp.mode.decision.v1 +3 +[0-9T:.-]+Z  More for \\[2J it\\.$", Assert.Single(listed.Lines, line => line.StartsWith("policy.acme", StringComparison.Ordinal)));
        Assert.Contains("""rules        {"voting":{"algorithm":"majority"}}""", shown.Output, StringComparison.Ordinal);
        Assert.Equal(new Invocation(0, "unregistered  policy.acme\n", ""), await runtime.RunAsync("ann", "policy", "unregister", "policy.acme"));
        Assert.StartsWith("macp: not found: ", (await runtime.RunAsync("ann", "policy", "get", "policy.acme")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_json_is_the_wires_own_and_can_be_registered_again()
    {
        await using var runtime = await Decisions.HostAsync();
        await using var other = await Decisions.HostAsync();
        string file = _folder.Write("majority.json", Majority);

        var registered = await runtime.RunAsync("ann", "policy", "register", file, "--json");
        var shown = await runtime.RunAsync("ann", "policy", "get", "policy.acme", "--json");
        var listed = await runtime.RunAsync("ann", "policy", "list", "--json");
        var again = await other.RunAsync("ann", "policy", "register", _folder.Write("again.json", shown.Output));

        Assert.True(RegisterPolicyResponse.Parser.ParseJson(registered.Output).Ok);
        var policy = PolicyDescriptor.Parser.ParseJson(Assert.Single(shown.Lines));
        Assert.Contains(policy, listed.Lines.Select(PolicyDescriptor.Parser.ParseJson));
        Assert.Equal(0, again.Status);
        Assert.True(UnregisterPolicyResponse.Parser.ParseJson((await runtime.RunAsync("ann", "policy", "unregister", "policy.acme", "--json")).Output).Ok);
    }

    [Fact]
    public async Task What_the_runtime_refuses_is_told_with_its_code()
    {
        await using var runtime = await Decisions.HostAsync();
        string file = _folder.Write("lottery.json", Majority.Replace("\"majority\"", "\"lottery\"", StringComparison.Ordinal));

        var refused = await runtime.RunAsync("ann", "policy", "register", file);
        var json = await runtime.RunAsync("ann", "policy", "register", file, "--json");
        var unknown = await runtime.RunAsync("ann", "policy", "unregister", "nobodys");

        Assert.Equal((1, ""), (refused.Status, refused.Output));
        Assert.StartsWith("macp: refused: INVALID_POLICY_DEFINITION: voting.algorithm: ", refused.Error, StringComparison.Ordinal);
        Assert.StartsWith("INVALID_POLICY_DEFINITION: voting.algorithm: ", RegisterPolicyResponse.Parser.ParseJson(json.Output).Error, StringComparison.Ordinal);
        Assert.Equal((1, 1, "macp: refused: INVALID_POLICY_DEFINITION: policy_id: 'nobodys' is not found\n"), (json.Status, unknown.Status, unknown.Error));
    }

    [Fact]
    public async Task A_file_is_checked_without_a_runtime_and_without_a_credential()
    {
        var good = await Invocation.OfAsync("policy", "check", _folder.Write("a.json", Majority));
        var reserved = await Invocation.OfAsync("policy", "check", _folder.Write("b.json", Majority.Replace("policy.acme", "policy.std.mine", StringComparison.Ordinal)));
        var json = await Invocation.OfAsync("policy", "check", _folder.Write("c.json", Majority.Replace("voting", "rating", StringComparison.Ordinal)), "--json");

        Assert.Equal(new Invocation(0, "good  policy.acme\n", ""), good);
        Assert.Equal((1, "macp: refused: INVALID_POLICY_DEFINITION: policy_id: 'policy.std.mine' is reserved\n"), (reserved.Status, reserved.Error));
        Assert.StartsWith("INVALID_POLICY_DEFINITION: rating: ", RegisterPolicyResponse.Parser.ParseJson(json.Output).Error, StringComparison.Ordinal);
        Assert.Equal(1, json.Status);
    }

    [Theory]
    [InlineData("{", "it is not JSON: ")]
    [InlineData("[]", "policy must be an object")]
    [InlineData("""{"policy_id":"p","rule":{}}""", "policy.rule is no field of macp.v1.PolicyDescriptor; there are policy_id, mode, ")]
    [InlineData("""{"policy_id":"p","policy_id":"q"}""", "it is not JSON: Duplicate property 'policy_id'")]
    [InlineData("""{"policy_id":7}""", "policy.policy_id must be text; it is 7")]
    [InlineData("""{"schema_version":-1}""", "policy.schema_version must be a whole number from 0 to 4294967295; it is -1")]
    [InlineData("""{"rules":[]}""", "policy.rules must be text; it is []")]
    public async Task A_file_that_holds_no_policy_is_told_with_the_place(string text, string complaint)
    {
        string file = _folder.Write("bad.json", text);
        foreach (string command in new[] { "check", "register" })
        {
            var refused = await Invocation.OfAsync("policy", command, file, "--token", "ann");
            Assert.Equal((2, ""), (refused.Status, refused.Output));
            Assert.StartsWith($"macp: {file}: {complaint}", refused.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_told() =>
        Assert.Equal(2, (await Invocation.OfAsync("policy", "check", Path.Combine(_folder.Folder, "none.json"))) is { Error: var error } missing && error.Contains("none.json", StringComparison.Ordinal) ? missing.Status : -1);

    [Fact]
    public async Task What_comes_and_goes_is_told_as_it_does()
    {
        await using var runtime = await Decisions.HostAsync();
        var ann = runtime.Connect("ann");
        int there = (await ann.ListPoliciesAsync()).Count;
        await using var words = LiveInvocation.Start(runtime.Endpoint, "ann", "policy", "watch");
        await using var json = LiveInvocation.Start(runtime.Endpoint, "ann", "policy", "watch", "--json");
        Assert.All(await words.LinesAsync(there), line => Assert.Contains("  THERE  ", line, StringComparison.Ordinal));
        Assert.All(await json.LinesAsync(there), line => Assert.Equal("THERE", JsonNode.Parse(line)!["change"]!.GetValue<string>()));

        await ann.RegisterPolicyAsync(DecisionPolicy.Create("policy.acme", "d"));
        Assert.Matches("^[0-9T:.-]+Z  REGISTERED +policy.acme  macp.mode.decision.v1$", await words.LineAsync());
        var registered = JsonNode.Parse(await json.LineAsync())!;
        Assert.Equal(("REGISTERED", "policy.acme"), (registered["change"]!.GetValue<string>(), PolicyDescriptor.Parser.ParseJson(registered["policy"]!.ToJsonString()).PolicyId));

        await ann.UnregisterPolicyAsync("policy.acme");
        Assert.Matches("^[0-9T:.-]+Z  UNREGISTERED  policy.acme  macp.mode.decision.v1$", await words.LineAsync());
        Assert.Equal(0, (await words.InterruptAsync()).Status);
    }
}
