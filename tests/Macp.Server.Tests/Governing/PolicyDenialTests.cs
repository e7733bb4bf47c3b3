using System.Text.Json;
using Macp.Modes.Standard;
using Macp.Wire.V1;

namespace Macp.Server.Tests;

/// <summary>What a commitment that the bound policy denies is told on the wire: the code, and each reason in the details (RFC-MACP-0012 section 6).</summary>
public sealed class PolicyDenialTests
{
    static readonly PolicyDescriptor Strict = DecisionPolicy.Create(
        "policy.strict", "Everybody approves, and somebody has evaluated.",
        new() { Voting = new() { Algorithm = VotingAlgorithm.Unanimous, Quorum = new() { Value = 2 } }, Evaluation = new() { RequiredBeforeVoting = true } },
        new() { RequireVoteQuorum = true });

    [Fact]
    public async Task The_ack_has_every_reason_as_json_and_the_session_goes_on_with_its_id_unused()
    {
        await using var runtime = await StartAsync();
        string session = await DeliberateAsync(runtime);
        string before = await runtime.TracesAsync(session);

        var ack = await runtime.SendAsync("ini", Commitment(session));

        Assert.Equal((false, "POLICY_DENIED", SessionState.Unspecified, "commit"), (ack.Ok, ack.Error.Code, ack.SessionState, ack.Error.MessageId));
        Assert.Equal(["evaluation.required_before_voting", "voting.quorum", "voting"], Reasons(ack.Error).Select(reason => reason[..reason.IndexOf(':')]));
        Assert.Equal(before, await runtime.TracesAsync(session));

        await runtime.AcceptsAsync("alice", Envelopes.Evaluation(session));
        foreach (string voter in (string[])["alice", "bob", "carol"]) await runtime.AcceptsAsync(voter, Envelopes.Vote(session));
        Assert.Equal(SessionState.Resolved, (await runtime.AcceptsAsync("ini", Commitment(session))).SessionState);
    }

    [Fact]
    public async Task On_a_stream_it_is_an_inline_error_with_the_same_details()
    {
        await using var runtime = await StartAsync();
        string session = await DeliberateAsync(runtime);
        var ack = await runtime.SendAsync("ini", Commitment(session));
        await using var stream = runtime.Stream("ini");
        await stream.SendAsync(Commitment(session));

        var error = await stream.RefusesAsync("POLICY_DENIED");

        Assert.Equal(("commit", session, ack.Error.Message), (error.MessageId, error.SessionId, error.Message));
        Assert.Equal(ack.Error.Details, error.Details);
        await stream.SendAsync(Commitment(session)); // and the stream is as good as before
        await stream.RefusesAsync("POLICY_DENIED");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Deny_and_hold_look_alike_to_the_last_byte(bool positive)
    {
        var errors = new List<MACPError>();
        foreach (var action in (CriticalObjectionAction[])[CriticalObjectionAction.Deny, CriticalObjectionAction.Hold])
        {
            var rules = new DecisionRules { ObjectionHandling = new() { CriticalSeverityVetoes = true, CriticalObjectionAction = action } };
            await using var runtime = await TestRuntime.StartAsync(new() { Policies = [DecisionPolicy.Create("policy.strict", "Vetoes.", rules)] });
            string session = await DeliberateAsync(runtime);
            await runtime.AcceptsAsync("bob", Envelopes.Objection(session, severity: "critical"));
            var error = (await runtime.SendAsync("ini", Commitment(session, positive))).Error;
            error.SessionId = "";
            errors.Add(error);
            Assert.Equal(SessionState.Open, (await runtime.MetadataAsync(session)).State);
        }
        Assert.Equal("POLICY_DENIED", errors[0].Code);
        Assert.Equal(errors[0], errors[1]);
    }

    [Fact]
    public async Task Whoever_may_not_commit_is_forbidden_and_told_no_reason()
    {
        await using var runtime = await StartAsync();
        string session = await DeliberateAsync(runtime);

        await runtime.RefusesAsync("FORBIDDEN", "alice", Commitment(session));
    }

    [Fact]
    public async Task Metadata_tells_the_resolved_policy()
    {
        await using var runtime = await StartAsync();
        Assert.Equal("policy.strict", (await runtime.MetadataAsync(await DeliberateAsync(runtime))).PolicyVersion);
        Assert.Equal("policy.default", (await runtime.MetadataAsync(await runtime.OpenAsync())).PolicyVersion);
        await runtime.RefusesAsync("UNKNOWN_POLICY_VERSION", "ini", Envelopes.Start(Envelopes.NewSession(), start => start.PolicyVersion = "policy.unheard"));
    }

    static Task<TestRuntime> StartAsync() => TestRuntime.StartAsync(new() { Policies = [Strict] });

    static async Task<string> DeliberateAsync(TestRuntime runtime)
    {
        string session = await runtime.OpenAsync(start => start.PolicyVersion = "policy.strict");
        await runtime.AcceptsAsync("alice", Envelopes.Proposal(session));
        return session;
    }

    static Envelope Commitment(string session, bool positive = true) =>
        Envelopes.Commitment(session, commitment => (commitment.Action, commitment.OutcomePositive, commitment.PolicyVersion) = ("the-outcome", positive, ""), "commit");

    static IReadOnlyList<string> Reasons(MACPError error)
    {
        using var details = JsonDocument.Parse(error.Details.Memory);
        Assert.Equal("reasons", Assert.Single(details.RootElement.EnumerateObject()).Name);
        return [.. details.RootElement.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString()!)];
    }
}
