using Macp.Modes;
using Macp.Modes.Standard;
using Macp.Protocol;
using Macp.Wire.Modes.Decision.V1;
using Macp.Wire.V1;

namespace Macp.Runtime.Tests.Governing;

/// <summary>The registry of policies, and what a start binds (RFC-MACP-0012).</summary>
public sealed class PolicyRegistryTests
{
    static readonly string[] BuiltIn = ["policy.default", "policy.std.majority", "policy.std.supermajority", "policy.std.unanimous"];

    readonly Office _office = new();

    [Fact]
    public void A_runtime_has_the_default_policy_and_those_that_its_modes_bring()
    {
        Assert.Equal(BuiltIn, _office.Ids());
        Assert.Equal(("*", "{}", 1u), (_office.Get("policy.default").Mode, _office.Get("policy.default").Rules, _office.Get("policy.default").SchemaVersion));
        Assert.Equal(["policy.default"], Office.Answer(new World().Runtime.Policies.List(World.Ada, "")).Descriptors.Select(policy => policy.PolicyId));
    }

    [Theory]
    [InlineData("policy.default")]
    [InlineData("policy.std.majority")]
    [InlineData("policy.std.mine")]
    public async Task Reserved_ids_are_nobodys_to_register(string id)
    {
        var refused = await _office.RegisterAsync(Policy(id));

        Assert.False(refused.Ok);
        Assert.StartsWith("INVALID_POLICY_DEFINITION: policy_id: ", refused.Error, StringComparison.Ordinal);
        Assert.Contains("reserved", refused.Error, StringComparison.Ordinal);
        Assert.Equal(BuiltIn, _office.Ids());
    }

    [Theory]
    [InlineData("policy.default", "default")]
    [InlineData("policy.std.majority", "default")]
    [InlineData("policy.unheard", "not found")]
    [InlineData("", "not found")]
    public async Task What_is_built_in_or_unknown_cannot_be_unregistered(string id, string phrase)
    {
        var refused = await _office.UnregisterAsync(id);

        Assert.False(refused.Ok);
        Assert.StartsWith("INVALID_POLICY_DEFINITION: ", refused.Error, StringComparison.Ordinal);
        Assert.Contains(phrase, refused.Error, StringComparison.Ordinal);
        Assert.Equal(BuiltIn, _office.Ids());
    }

    [Fact]
    public async Task An_id_means_the_same_for_ever()
    {
        Assert.True((await _office.RegisterAsync(Policy("policy.a"))).Ok);
        Assert.Contains("already registered", (await _office.RegisterAsync(Policy("policy.a"))).Error, StringComparison.Ordinal);
        Assert.True((await _office.UnregisterAsync("policy.a")).Ok);
        Assert.DoesNotContain("policy.a", _office.Ids());

        await Assert.AllAsync(
            (PolicyDescriptor[])[Policy("policy.a", VotingAlgorithm.Plurality), new(Policy("policy.a")) { SchemaVersion = 2 }, new(Policy("policy.a")) { Mode = "*" }],
            async other => Assert.Contains("already registered with other rules", (await _office.RegisterAsync(other)).Error, StringComparison.Ordinal));
        Assert.DoesNotContain("policy.a", _office.Ids());

        // The same rules, whoever writes them and however he describes them.
        var again = new PolicyDescriptor(Policy("policy.a")) { Description = "The same.", Rules = " " + Policy("policy.a").Rules.Replace(",", " , ", StringComparison.Ordinal) };
        Assert.Equal(("", true), ((await _office.RegisterAsync(again)).Error, _office.Get("policy.a").Description == "The same."));
    }

    [Fact]
    public async Task A_refused_registration_changes_nothing()
    {
        string[] before = [.. _office.Ids()];
        PolicyDescriptor[] wrong =
        [
            new(Policy("policy.a")) { PolicyId = " " }, new(Policy("policy.a")) { SchemaVersion = 0 }, new(Policy("policy.a")) { Rules = "[]" },
            new(Policy("policy.a")) { Rules = """{"voting":{"algorithm":"weighted"}}""" }, new(Policy("policy.a")) { Mode = "macp.mode.unhosted.v1" },
            new(Policy("policy.a")) { Rules = "{\"_note\":\"\\ud800\"}" },
        ];
        await Assert.AllAsync(wrong, async policy => Assert.StartsWith("INVALID_POLICY_DEFINITION: ", (await _office.RegisterAsync(policy)).Error, StringComparison.Ordinal));

        Assert.Equal(before, _office.Ids());
        Assert.True((await _office.RegisterAsync(Policy("policy.a"))).Ok); // and none of them took the id
    }

    [Fact]
    public async Task A_list_is_by_id_and_by_the_mode_that_is_governed()
    {
        Assert.True((await _office.RegisterAsync(Policy("policy.z"))).Ok);
        Assert.True((await _office.RegisterAsync(TaskPolicy.Create("policy.b", "A task's."))).Ok);
        Assert.True((await _office.RegisterAsync(new(Policy("policy.B")) { Mode = "*" })).Ok);

        Assert.Equal(["policy.B", "policy.b", "policy.default"], _office.Ids(TaskMode.Descriptor.Identifier));
        Assert.Equal(["policy.B", "policy.default"], _office.Ids("macp.mode.unhosted.v1"));
        Assert.Equal(["policy.B", "policy.b", .. BuiltIn, "policy.z"], _office.Ids());
    }

    [Fact]
    public async Task What_is_handed_out_is_a_copy_with_its_keys_in_order_and_the_time_of_its_registration()
    {
        Assert.True((await _office.RegisterAsync(new(Policy("policy.a")) { Rules = """{ "voting": {"threshold": 0.50, "algorithm":"majority"}, "_b": [1.0, "é"], "commitment": {} }""" })).Ok);
        var policy = _office.Get("policy.a");
        Assert.Equal(("""{"_b":[1,"é"],"commitment":{},"voting":{"algorithm":"majority","threshold":0.5}}""", FakeTime.Origin), (policy.Rules, policy.RegisteredAtUnixMs));

        policy.Rules = "{}";
        Assert.NotEqual("{}", _office.Get("policy.a").Rules);
    }

    [Fact]
    public async Task A_start_binds_what_it_names_or_the_default_and_metadata_tells_which()
    {
        Assert.True((await _office.RegisterAsync(Policy("policy.a"))).Ok);
        Expect.Accepted(await _office.StartAsync(DecisionMode.Descriptor, "policy.a", "session-aaaaaaaaaaaaaaaa"));
        Expect.Accepted(await _office.StartAsync(DecisionMode.Descriptor, "", "session-bbbbbbbbbbbbbbbb"));
        Expect.Accepted(await _office.StartAsync(TaskMode.Descriptor, "policy.default", "session-cccccccccccccccc"));

        Assert.Equal(["policy.a", "policy.default", "policy.default"], await PoliciesAsync("aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb", "cccccccccccccccc"));
    }

    [Fact]
    public async Task A_start_that_names_none_or_another_modes_is_refused_and_its_id_is_free()
    {
        Assert.True((await _office.RegisterAsync(TaskPolicy.Create("policy.task", "A task's."))).Ok);
        Expect.Code(ErrorCode.UnknownPolicyVersion, await _office.StartAsync(DecisionMode.Descriptor, "policy.unheard"));
        Expect.Code(ErrorCode.UnknownPolicyVersion, await _office.StartAsync(DecisionMode.Descriptor, "Policy.default"));
        Expect.Code(ErrorCode.UnknownPolicyVersion, await new World().SendAsync(World.Ada, new World().Start(change: start => start.PolicyVersion = "policy.std.majority")));
        Expect.Code(ErrorCode.InvalidPolicyDefinition, await _office.StartAsync(DecisionMode.Descriptor, "policy.task"));
        Expect.Code(ErrorCode.InvalidPolicyDefinition, await _office.StartAsync(TaskMode.Descriptor, "policy.std.majority"));
        // The policy is asked before the mode: a task needs somebody besides its initiator.
        Expect.Code(ErrorCode.UnknownPolicyVersion, await _office.StartAsync(TaskMode.Descriptor, "policy.unheard", participants: ["ada"]));

        Expect.Accepted(await _office.StartAsync(DecisionMode.Descriptor));
    }

    [Fact]
    public async Task A_session_keeps_its_policy_after_it_was_taken_out()
    {
        Assert.True((await _office.RegisterAsync(Policy("policy.a", VotingAlgorithm.Unanimous))).Ok);
        Expect.Accepted(await _office.StartAsync(DecisionMode.Descriptor, "policy.a"));
        Assert.True((await _office.UnregisterAsync("policy.a")).Ok);
        Expect.Accepted(await SendAsync(Office.Bob, new ProposalPayload { ProposalId = "p", Option = "ship" }));
        Expect.Code(ErrorCode.PolicyDenied, await SendAsync(Office.Ada, Office.Commitment(true)));
        Expect.Code(ErrorCode.UnknownPolicyVersion, await _office.StartAsync(DecisionMode.Descriptor, "policy.a", "session-bbbbbbbbbbbbbbbb"));

        await _office.LoseAsync(() => SendAsync(Office.Ada, new VotePayload { ProposalId = "p", Vote = "APPROVE" }));
        Expect.Code(ErrorCode.PolicyDenied, await SendAsync(Office.Ada, Office.Commitment(true)));
        foreach (var voter in (Identity[])[Office.Ada, Office.Bob, Office.Cyd]) Expect.Accepted(await SendAsync(voter, new VotePayload { ProposalId = "p", Vote = "APPROVE" }));
        Expect.Accepted(await SendAsync(Office.Ada, Office.Commitment(true)));
    }

    [Fact]
    public async Task Sessions_share_what_their_policy_came_to_and_none_reads_its_rules_again()
    {
        Assert.True((await _office.RegisterAsync(new(Policy("policy.any")) { Mode = "*" })).Ok);
        string[] sessions = [.. Enumerable.Range(0, 50).Select(i => $"shared-session-{i:d10}")];
        await Task.WhenAll(sessions.Select(session => Task.Run(async () => Expect.Accepted(await _office.StartAsync(DecisionMode.Descriptor, "policy.any", session)))));
        Expect.Accepted(await _office.StartAsync(TaskMode.Descriptor, "policy.any"));

        var bound = sessions.Select(session => _office.History.Of(session)[0].Binding!.Policy).ToList();
        Assert.All(bound, policy => Assert.Same(bound[0], policy));
        Assert.NotSame(bound[0], _office.Records[0].Binding!.Policy); // another mode reads its own keys
        Assert.Same(bound[0].Definition, _office.Records[0].Binding!.Policy.Definition);
    }

    [Fact]
    public async Task A_host_that_brings_its_policies_takes_no_others()
    {
        var office = new Office([Policy("policy.house")]);

        Assert.Equal([.. BuiltIn[..1], "policy.house", .. BuiltIn[1..]], office.Ids());
        foreach (var anybody in (Identity?[])[null, Office.Ada, Office.Ops])
        {
            Expect.Failed(FailureKind.FailedPrecondition, await office.Runtime.Policies.RegisterAsync(anybody, Policy("policy.a")));
            Expect.Failed(FailureKind.FailedPrecondition, await office.Runtime.Policies.RegisterAsync(anybody, null));
            Expect.Failed(FailureKind.FailedPrecondition, await office.Runtime.Policies.UnregisterAsync(anybody, "policy.house"));
        }
        Assert.Throws<InvalidPolicyException>(() => new Office([Policy("policy.a"), Policy("policy.a")]));
        Assert.Throws<InvalidPolicyException>(() => new Office([Policy("policy.default")]));
        Assert.Empty(new Office([]).Ids().Except(BuiltIn));
    }

    [Fact]
    public async Task Of_many_who_register_one_id_at_once_exactly_one_does()
    {
        const int Many = 4;
        using var together = new Barrier(Many);
        for (int round = 0; round < 200; round++)
        {
            string id = $"policy.{round}";
            var answers = await Task.WhenAll(Enumerable.Range(1, Many).Select(value => Task.Factory.StartNew(async () =>
            {
                var policy = Policy(id, quorum: value);
                together.SignalAndWait();
                return (value, Answer: await _office.RegisterAsync(policy));
            }, default, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));

            int winner = Assert.Single(answers, answer => answer.Answer.Ok).value;
            Assert.All(answers.Where(answer => !answer.Answer.Ok), answer => Assert.Contains("already registered", answer.Answer.Error, StringComparison.Ordinal));
            Assert.Equal(winner, DecisionPolicy.RulesOf(_office.Get(id)).Voting.Quorum.Value);
        }
    }

    async Task<IReadOnlyList<string>> PoliciesAsync(params string[] sessions)
    {
        var bound = new List<string>();
        foreach (string session in sessions) bound.Add(Office.Answer(await _office.Runtime.GetSessionAsync(Office.Ada, "session-" + session)).PolicyVersion);
        return bound;
    }

    Task<Ack> SendAsync(Identity sender, Google.Protobuf.IMessage payload) => _office.SendAsync(sender, payload, DecisionMode.Descriptor);

    static PolicyDescriptor Policy(string id, VotingAlgorithm algorithm = VotingAlgorithm.Majority, int? quorum = null) =>
        new(DecisionPolicy.Create("policy.test", "A test's.", new() { Voting = new() { Algorithm = algorithm, Quorum = new() { Value = quorum } } })) { PolicyId = id };
}
