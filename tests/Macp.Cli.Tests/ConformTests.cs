using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Macp.Modes.Standard;
using Macp.Testing;

namespace Macp.Cli.Tests;

public sealed class ConformTests : IDisposable
{
    readonly Scenario _scenario = new();

    [Fact]
    public async Task Each_case_has_its_line_and_the_count_comes_last()
    {
        _scenario.Changed(_ => { }, "b.json");
        _scenario.Changed(f => f["expected_final_state"] = "Open", "deep/er/a.json");
        _scenario.Changed(f => f["mode"] = "macp.mode.chess.v1", "deep/c.json");
        _scenario.Changed(f => f["policy"] = new JsonObject(), "deep/d.json");
        _scenario.Changed(f => f.Remove("ttl_ms"), "e.json");
        _scenario.Changed(f => f["mode_version"] = "9.0.0", "f.json");
        _scenario.Write("fixture-schema.json", "no JSON, and never read");
        _scenario.Write("package.json", "{}");
        _scenario.Write("results.json", "[]");
        _scenario.Write("readme.md", "no JSON either");

        var conformed = await Invocation.OfAsync("conform", _scenario.Folder);

        Assert.Equal((1, ""), (conformed.Status, conformed.Error));
        Assert.Equal(
            [
                "PASS b",
                "SKIP c: mode macp.mode.chess.v1 is not hosted",
                "FAIL d: policy.policy_id is missing",
                "FAIL a: the session is Resolved, expected Open",
                "FAIL e: ttl_ms is missing",
                "SKIP f: mode macp.mode.decision.v1 9.0.0 is not known here",
                "1 passed, 3 failed, 2 skipped",
            ],
            conformed.Lines);
    }

    [Fact]
    public async Task Everything_of_ours_passes()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Fixtures");
        var conformed = await Invocation.OfAsync("conform", folder);

        Assert.Equal((0, $"{Directory.GetFiles(folder).Length} passed, 0 failed, 0 skipped"), (conformed.Status, conformed.Lines[^1]));
    }

    [Fact]
    public async Task What_binds_a_policy_passes_as_often_as_it_is_played()
    {
        await using var runtime = await TestRuntime.StartAsync(modes => modes.Add<DecisionMode>());
        string[] args = ["conform", Scenario.Shipped(Scenario.Governed), "--endpoint", runtime.Endpoint.Authority];

        Assert.Equal("1 passed, 0 failed, 0 skipped", (await Invocation.OfAsync(args)).Lines[^1]);
        Assert.Equal("1 passed, 0 failed, 0 skipped", (await Invocation.OfAsync(args)).Lines[^1]);
    }

    [Fact]
    public async Task An_id_that_the_runtime_knows_with_other_rules_is_told()
    {
        await using var runtime = await TestRuntime.StartAsync(modes => modes.Add<DecisionMode>());
        string changed = _scenario.Changed(f => f["policy"]!["rules"]!["voting"]!["threshold"] = 0.9, of: Scenario.Governed);
        await Invocation.OfAsync("conform", Scenario.Shipped(Scenario.Governed), "--endpoint", runtime.Endpoint.Authority);

        var conformed = await Invocation.OfAsync("conform", changed, "--endpoint", runtime.Endpoint.Authority);

        Assert.Equal(1, conformed.Status);
        Assert.StartsWith("FAIL changed: INVALID_POLICY_DEFINITION: the runtime refused the policy: policy_id: ", conformed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_runtime_whose_policies_are_fixed_makes_it_skip()
    {
        await using var runtime = await TestRuntime.StartAsync(modes => modes.Add<DecisionMode>(), options: new() { Policies = [] });

        var conformed = await Invocation.OfAsync("conform", Scenario.Shipped(Scenario.Governed), "--endpoint", runtime.Endpoint.Authority);

        Assert.Equal($"SKIP {Scenario.Governed}: it binds a policy of its own, and the runtime registers none", conformed.Lines[0]);
    }

    [Fact]
    public async Task Several_paths_are_one_run_and_a_glob_may_catch_the_schema()
    {
        string schema = _scenario.Write("schema.json", "{}");

        var conformed = await Invocation.OfAsync("conform", Scenario.Shipped(Scenario.Fixture), schema, Scenario.Shipped("decision_roles"));

        Assert.Equal((0, ""), (conformed.Status, conformed.Error));
        Assert.Equal([$"PASS {Scenario.Fixture}", "PASS decision_roles", "2 passed, 0 failed, 0 skipped"], conformed.Lines);
    }

    [Fact]
    public async Task A_hash_vector_is_checked_without_a_session()
    {
        var vector = new JsonObject
        {
            ["name"] = "v", ["label"] = "macp-commitment-hash/1", ["payload"] = new JsonObject(), ["jcs_utf8_hex"] = "00", ["preimage_utf8_hex"] = "00", ["hash"] = "00",
        };

        var conformed = await Invocation.OfAsync("conform", _scenario.Write("vector.json", vector.ToJsonString()));

        Assert.Equal((1, "FAIL vector: the canonical JSON differs\n0 passed, 1 failed, 0 skipped\n"), (conformed.Status, conformed.Output));
    }

    [Fact]
    public async Task A_folder_with_nothing_to_check_is_no_success()
    {
        var conformed = await Invocation.OfAsync("conform", _scenario.Folder);

        Assert.Equal(new Invocation(2, "0 passed, 0 failed, 0 skipped\n", $"macp: there is no fixture and no hash vector in {_scenario.Folder}\n"), conformed);
    }

    [Fact]
    public async Task What_cannot_be_read_is_named_before_anything_is_played()
    {
        string bad = _scenario.Write("bad.json", "{"), neither = _scenario.Write("other/neither.json", "{}");

        Assert.StartsWith($"macp: {bad}: it is not JSON", (await Failing("conform", _scenario.Folder)).Error, StringComparison.Ordinal);
        Assert.Equal($"macp: {neither}: it is neither a fixture nor a hash vector\n", (await Failing("conform", neither)).Error);
        Assert.Equal("macp: nowhere: there is no such file\n", (await Failing("conform", "nowhere")).Error);

        static async Task<Invocation> Failing(params string[] args)
        {
            var invocation = await Invocation.OfAsync(args);
            Assert.Equal((2, ""), (invocation.Status, invocation.Output));
            return invocation;
        }
    }

    [Fact]
    public async Task A_runtime_elsewhere_can_be_checked_however_its_endpoint_is_written()
    {
        await using var runtime = await TestRuntime.StartAsync(modes => modes.Add<DecisionMode>());
        string fixture = Scenario.Shipped("decision_roles"), address = runtime.Endpoint.GetLeftPart(UriPartial.Authority);

        Assert.Equal("1 passed, 0 failed, 0 skipped", (await Invocation.OfAsync("conform", fixture, "--endpoint", address)).Lines[^1]);
        Assert.Equal("1 passed, 0 failed, 0 skipped", (await Invocation.OfAsync("conform", "--endpoint", runtime.Endpoint.Authority, fixture)).Lines[^1]);
    }

    [Fact]
    public async Task A_runtime_that_does_not_host_the_mode_makes_it_skip()
    {
        await using var runtime = await TestRuntime.StartAsync(modes => modes.Add<AuctionMode>());

        var conformed = await Invocation.OfAsync("conform", Scenario.Shipped("decision_roles"), "--endpoint", runtime.Endpoint.Authority);

        Assert.Equal((0, "SKIP decision_roles: mode macp.mode.decision.v1 is not hosted\n0 passed, 0 failed, 1 skipped\n"), (conformed.Status, conformed.Output));
    }

    [Fact]
    public async Task An_endpoint_where_nobody_listens_is_told_with_its_address()
    {
        using var taken = new Socket(SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // bound and not listening: nobody else gets the port, and nobody answers
        string endpoint = $"http://{taken.LocalEndPoint}";

        var conformed = await Invocation.OfAsync("conform", Scenario.Shipped("decision_roles"), "--endpoint", endpoint);

        Assert.Equal((1, ""), (conformed.Status, conformed.Output));
        Assert.StartsWith($"macp: the runtime at {endpoint} cannot be used: ", conformed.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1"), InlineData(":::"), InlineData("")]
    public async Task An_endpoint_that_is_none_is_wrong_usage(string endpoint)
    {
        var conformed = await Invocation.OfAsync("conform", Scenario.Shipped("decision_roles"), "--endpoint", endpoint);

        Assert.Equal(2, conformed.Status);
        Assert.StartsWith($"macp: --endpoint must be a URL such as http://127.0.0.1:50051; it is '{endpoint}'\n", conformed.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _scenario.Dispose();
}
