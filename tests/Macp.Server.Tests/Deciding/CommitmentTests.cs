using Macp.Wire.V1;

namespace Macp.Server.Tests;

/// <summary>What binds, and what cannot (RFC-MACP-0001 7.3.1; runtime-semantics 5.2; decisions 9, 12).</summary>
public sealed class CommitmentTests
{
    const string Hash = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    public static TheoryData<string> Faults => new(
        "no id", "no action", "blank scope", "no reason", "mode version", "no mode version", "configuration", "no configuration", "policy",
        "selected but negative", "rejected but positive", "unapproved but negative", "declined but positive", "failed but positive",
        "supersedes nothing", "supersedes without session", "bare hash", "upper-case hash", "short hash", "hash and newline", "sha512");

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_commitment_that_does_not_fit_is_refused_and_the_session_stays_open(string fault)
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        string before = await runtime.TracesAsync(session);

        await runtime.RefusesAsync("INVALID_ENVELOPE", "ini", Envelopes.Commitment(session, c => Break(c, fault)));

        Assert.Equal(before, await runtime.TracesAsync(session));
        await runtime.AcceptsAsync("ini", Envelopes.Commitment(session));
    }

    [Theory]
    [InlineData("decision.selected", true)]
    [InlineData("decision.rejected", false)]
    [InlineData("deploy-prod", true)]
    [InlineData("deploy-prod", false)]
    [InlineData("decision.REJECTED", true)]
    public async Task A_commitment_whose_sign_fits_its_action_resolves_the_session(string action, bool positive)
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        var ack = await runtime.AcceptsAsync("ini", Envelopes.Commitment(session, c => (c.Action, c.OutcomePositive) = (action, positive)));
        Assert.Equal(SessionState.Resolved, ack.SessionState);
    }

    [Fact]
    public async Task An_empty_policy_version_and_a_reference_to_an_unknown_session_are_fine()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        await runtime.AcceptsAsync("ini", Envelopes.Commitment(session, c =>
        {
            c.PolicyVersion = "";
            c.Supersedes = new() { SessionId = "nobody knows", CommitmentHash = Hash };
        }));
    }

    [Fact]
    public async Task Only_the_initiator_commits_under_the_default_policy()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        await runtime.RefusesAsync("FORBIDDEN", "alice", Envelopes.Commitment(session));
        await runtime.RefusesAsync("FORBIDDEN", "mallory", Envelopes.Commitment(session, c => c.Action = ""));
    }

    [Fact]
    public async Task Nothing_is_committed_before_there_is_a_proposal()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.OpenAsync();
        await runtime.RefusesAsync("INVALID_ENVELOPE", "ini", Envelopes.Commitment(session));
        await runtime.RefusesAsync("INVALID_ENVELOPE", "ini", Envelopes.Commitment(session, c => (c.Action, c.OutcomePositive) = ("decision.rejected", false)));
    }

    [Fact]
    public async Task There_is_one_commitment()
    {
        await using var runtime = await TestRuntime.StartAsync();
        string session = await runtime.DeliberateAsync();
        await runtime.AcceptsAsync("ini", Envelopes.Commitment(session, id: "c"));
        await runtime.RefusesAsync("SESSION_NOT_OPEN", "ini", Envelopes.Commitment(session, id: "d"));
        Assert.True((await runtime.AcceptsAsync("ini", Envelopes.Commitment(session, id: "c"))).Duplicate);
    }

    static void Break(CommitmentPayload c, string fault)
    {
        switch (fault)
        {
            case "no id": c.CommitmentId = ""; break;
            case "no action": c.Action = ""; break;
            case "blank scope": c.AuthorityScope = " "; break;
            case "no reason": c.Reason = ""; break;
            case "mode version": c.ModeVersion = "1.0.1"; break;
            case "no mode version": c.ModeVersion = ""; break;
            case "configuration": c.ConfigurationVersion = "config.Default"; break;
            case "no configuration": c.ConfigurationVersion = ""; break;
            case "policy": c.PolicyVersion = "policy.other"; break;
            case "selected but negative": c.OutcomePositive = false; break;
            case "rejected but positive": c.Action = "rejected"; break;
            case "unapproved but negative": (c.Action, c.OutcomePositive) = ("unapproved", false); break;
            case "declined but positive": c.Action = "x.declined"; break;
            case "failed but positive": c.Action = "x.failed"; break;
            case "supersedes nothing": c.Supersedes = new(); break;
            case "supersedes without session": c.Supersedes = new() { CommitmentHash = Hash }; break;
            case "bare hash": c.Supersedes = new() { SessionId = "s", CommitmentHash = Hash["sha256:".Length..] }; break;
            case "upper-case hash": c.Supersedes = new() { SessionId = "s", CommitmentHash = Hash.ToUpperInvariant() }; break;
            case "short hash": c.Supersedes = new() { SessionId = "s", CommitmentHash = Hash[..^1] }; break;
            case "hash and newline": c.Supersedes = new() { SessionId = "s", CommitmentHash = Hash + "\n" }; break;
            case "sha512": c.Supersedes = new() { SessionId = "s", CommitmentHash = Hash.Replace("256", "512", StringComparison.Ordinal) }; break;
            default: throw new ArgumentOutOfRangeException(nameof(fault), fault, null);
        }
    }
}
