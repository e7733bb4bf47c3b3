using Macp.Client;
using Macp.Grpc;
using Macp.Modes.Standard;
using Macp.Protocol;

namespace Macp.Cli.Tests;

/// <summary><c>MACP_POLICIES_DIR</c>: the policies of the folder are there, and there are no others.</summary>
public sealed class PolicyFolderTests : IDisposable
{
    const string Majority = """
        {
          "$schema": "x", "_comment": "for readers", "policy_id": "policy.acme.majority", "mode": "macp.mode.decision.v1", "schema_version": 3,
          "description": "More for it than against.", "rules": { "voting": { "algorithm": "majority" } }
        }
        """;

    readonly Scenario _folder = new();

    [Fact]
    public async Task Its_policies_bind_sessions_and_nobody_registers_others()
    {
        _folder.Write("majority.json", Majority);
        _folder.Write("any.json", """{ "policy_id": "a", "mode": "*", "schema_version": 1, "description": "", "rules": {} }""");
        _folder.Write("notes.txt", "no JSON, and never read");
        _folder.Write("deeper/bad.json", "{");
        await using var server = await MacpProcess.ServeAsync(environment: ("MACP_POLICIES_DIR", _folder.Folder));
        await using var client = ServeTests.Connect(server, "agent://a");

        Assert.Equal(["a", "policy.acme.majority", "policy.default"], (await client.ListPoliciesAsync(DecisionMode.Descriptor.Identifier)).Select(p => p.PolicyId).Where(id => !id.StartsWith("policy.std.", StringComparison.Ordinal)));
        Assert.Equal("""{"voting":{"algorithm":"majority"}}""", (await client.GetPolicyAsync("policy.acme.majority")).Rules);
        Assert.False((await client.InitializeAsync()).Capabilities.PolicyRegistry.RegisterPolicy);
        var policy = DecisionPolicy.Create("policy.acme.other", "d");
        Assert.Equal(GrpcStatusCode.FailedPrecondition, (await Assert.ThrowsAsync<MacpTransportException>(() => client.RegisterPolicyAsync(policy))).StatusCode);

        var session = new DecisionSession(client, new() { PolicyVersion = "policy.acme.majority" });
        await session.StartAsync(new() { Intent = "test", Participants = ["agent://a"], TimeToLive = TimeSpan.FromMinutes(1) });
        await session.ProposeAsync(proposalId: "p", option: "o");
        Assert.Equal(ErrorCode.PolicyDenied, session.Projection.CanCommit(true)!.Code);
        var denied = await Assert.ThrowsAsync<MacpNackException>(() => session.CommitAsync(new() { Action = "decision.selected", AuthorityScope = "team", Reason = "r" }));
        Assert.Equal(ErrorCode.PolicyDenied, denied.Code);
    }

    public static TheoryData<string, string> BadFiles => new()
    {
        { "{", "it is not JSON: " },
        { "[]", "it holds no JSON object" },
        { Majority.Replace("\"rules\"", "\"rule\"", StringComparison.Ordinal), "'rule' is no key of a policy; those are policy_id, mode, schema_version, description, rules" },
        { Majority.Replace("\"description\"", "\"_description\"", StringComparison.Ordinal), "description is missing" },
        { Majority.Replace("\"policy_id\"", "\"mode\"", StringComparison.Ordinal), "it is not JSON: Duplicate property 'mode'" },
        { Majority.Replace("3", "\"3\"", StringComparison.Ordinal), "schema_version must be 1, 2 or 3" },
        { Majority.Replace("3", "1e99", StringComparison.Ordinal), "schema_version must be 1, 2 or 3" },
        { Majority.Replace("3", "4", StringComparison.Ordinal), "INVALID_POLICY_DEFINITION: schema_version: " },
        { Majority.Replace("\"majority\"", "\"lottery\"", StringComparison.Ordinal), "INVALID_POLICY_DEFINITION: voting.algorithm: " },
        { Majority.Replace("{ \"voting\": { \"algorithm\": \"majority\" } }", "\"{}\"", StringComparison.Ordinal), "rules must be a JSON object" },
        { Majority.Replace("decision.v1", "chess.v1", StringComparison.Ordinal), "INVALID_POLICY_DEFINITION: mode: " },
        { Majority.Replace("policy.acme.majority", "policy.std.mine", StringComparison.Ordinal), "INVALID_POLICY_DEFINITION: policy_id: 'policy.std.mine' is reserved" },
        { Majority.Replace("for readers", "\\ud800", StringComparison.Ordinal).Replace("policy.acme.majority", "\\ud800", StringComparison.Ordinal), "it is not JSON: " },
    };

    [Theory]
    [MemberData(nameof(BadFiles))]
    public async Task A_file_that_is_wrong_keeps_it_from_starting(string text, string fault)
    {
        _folder.Write("a.json", """{ "policy_id": "a", "mode": "*", "schema_version": 1, "description": "", "rules": {} }""");
        string bad = _folder.Write("bad.json", text);

        var refused = await RefusedAsync(_folder.Folder);

        Assert.StartsWith($"macp: MACP_POLICIES_DIR: {bad}: {fault}", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task So_do_an_id_that_stands_twice_and_a_folder_that_is_not_there()
    {
        string first = _folder.Write("first.json", Majority), second = _folder.Write("second.json", Majority), nowhere = Path.Combine(_folder.Folder, "nowhere");

        Assert.Equal($"macp: MACP_POLICIES_DIR: {second}: policy_id 'policy.acme.majority' is already that of {first}\n", (await RefusedAsync(_folder.Folder)).Error);
        Assert.Equal($"macp: MACP_POLICIES_DIR: {nowhere}: there is no such folder\n", (await RefusedAsync(nowhere)).Error);
        Assert.StartsWith($"macp: MACP_POLICIES_DIR: {first}: ", (await RefusedAsync(first)).Error, StringComparison.Ordinal);
    }

    static async Task<Invocation> RefusedAsync(string folder)
    {
        var refused = await MacpProcess.Start("serve --dev --listen 127.0.0.1:0", ("MACP_POLICIES_DIR", folder)).EndAsync();
        Assert.Equal((1, ""), (refused.Status, refused.Output));
        return refused;
    }

    public void Dispose() => _folder.Dispose();
}
