using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime.Tests;

/// <summary>Sessions of modes that were registered by their descriptor (runtime-semantics 1.6 and 5.9).</summary>
public sealed class PassThroughTests : IAsyncLifetime
{
    static readonly Identity Ops = new("ops") { CanManageModeRegistry = true };

    readonly World _world = new();

    public async Task InitializeAsync() => Assert.True((await _world.Runtime.Modes.RegisterAsync(Ops, Extension.Standup())).Value!.Ok);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Payloads_go_through_as_they_are_and_the_initiator_commits()
    {
        await StartAsync();
        byte[] bytes = [0xFF, 0xFE, 0x00, 0x80];
        Expect.Accepted(await SendAsync(World.Bob, "Status", bytes));
        Expect.Accepted(await SendAsync(World.Ada, "Status", []));
        Assert.Equal(SessionState.Resolved, (await CommitAsync(World.Ada)).SessionState);
        var records = await Expect.ToEndAsync(await _world.SubscribeAsync());
        Assert.Equal("SessionStart Status Status Commitment", Expect.Types(records));
        Assert.Equal(bytes, records[1].Payload.ToByteArray());
    }

    [Fact]
    public async Task Who_may_say_what()
    {
        await StartAsync();
        Expect.Code(ErrorCode.Forbidden, await SendAsync(World.Cyd, "Status"));
        Expect.Code(ErrorCode.Forbidden, await SendAsync(World.Cyd, "Blocker"));
        Expect.Code(ErrorCode.InvalidEnvelope, await SendAsync(World.Bob, "Blocker"));
        Expect.Code(ErrorCode.Forbidden, await SendAsync(World.Bob, "SessionCancel"));
        Expect.Code(ErrorCode.Forbidden, await CommitAsync(World.Bob));
        Expect.Code(ErrorCode.Forbidden, await CommitAsync(World.Cyd));
        Expect.Code(ErrorCode.InvalidEnvelope, await SendAsync(World.Ada, "Commitment"));
        Expect.Code(ErrorCode.InvalidEnvelope, await CommitAsync(World.Ada, c => c.ModeVersion = ""));
        Expect.Code(ErrorCode.InvalidEnvelope, await CommitAsync(World.Ada, c => c.ConfigurationVersion = "cfg"));
        Expect.Code(ErrorCode.InvalidEnvelope, await CommitAsync(World.Ada, c => c.PolicyVersion = "policy.other"));
        Expect.Code(ErrorCode.InvalidEnvelope, await CommitAsync(World.Ada, c => (c.Action, c.OutcomePositive) = ("standup.approved", false)));
        Expect.Code(ErrorCode.InvalidEnvelope, await CommitAsync(World.Ada, c => c.Reason = " "));
        Expect.Accepted(await CommitAsync(World.Ada, c => c.PolicyVersion = "policy.default"));
        Expect.Code(ErrorCode.SessionNotOpen, await SendAsync(World.Bob, "Status"));
    }

    [Fact]
    public async Task A_start_may_leave_out_versions_and_participants_and_then_everybody_may_send()
    {
        await StartAsync(start => start.Participants.Clear());
        Expect.Accepted(await SendAsync(World.Stranger, "Status"));
        Expect.Code(ErrorCode.InvalidEnvelope, await SendAsync(World.Stranger, "Blocker"));
        Expect.Code(ErrorCode.Forbidden, await CommitAsync(World.Stranger));
        var metadata = await _world.MetadataAsync();
        Assert.Equal(("1.0.0", "", "policy.default"), (metadata.ModeVersion, metadata.ConfigurationVersion, metadata.PolicyVersion));
        // Who may send may not therefore read (decisions 24).
        Expect.Failed(FailureKind.PermissionDenied, await _world.Runtime.GetSessionAsync(World.Stranger, World.Session));
    }

    [Fact]
    public async Task The_bound_version_stays_when_the_session_is_folded_again()
    {
        await StartAsync();
        _world.History.Holds = true;
        var lost = SendAsync(World.Bob, "Status");
        _world.History.Lose();
        Expect.Code(ErrorCode.InternalError, await lost);
        _world.History.Holds = false;
        Assert.Equal("1.0.0", (await _world.MetadataAsync()).ModeVersion);
        Expect.Accepted(await SendAsync(World.Bob, "Status"));
        Expect.Accepted(await CommitAsync(World.Ada));
    }

    public static TheoryData<string, Action<SessionStartPayload>, bool, bool> Starts => new()
    {
        { "no version", s => s.ModeVersion = "", true, false },
        { "another version", s => s.ModeVersion = "2.0.0", false, false },
        { "no configuration", s => s.ConfigurationVersion = "", true, false },
        { "no participants", s => s.Participants.Clear(), true, false },
        { "a blank participant", s => s.Participants.Add(" "), true, false },
        { "a participant twice", s => s.Participants.Add("bob"), true, false },
        { "too many participants", s => s.Participants.Add(Enumerable.Range(0, 1001).Select(i => $"p{i}")), true, false },
        { "a negative cap", s => s.MaxSuspendMs = -1, true, false },
        { "no time to live", s => s.TtlMs = 0, false, false },
        { "too long a time to live", s => s.TtlMs = 86_400_001, false, false },
    };

    [Theory, MemberData(nameof(Starts))]
    public async Task Less_is_asked_of_a_start_until_the_mode_is_promoted(string what, Action<SessionStartPayload> change, bool lax, bool strict)
    {
        void Complete(SessionStartPayload start)
        {
            (start.ModeVersion, start.ConfigurationVersion) = ("1.0.0", "cfg");
            change(start);
        }
        Assert.True(lax == (await _world.SendAsync(World.Ada, Extension.Start(_world, change: Complete))).Ok, what);
        Assert.True((await _world.Runtime.Modes.PromoteAsync(Ops, Extension.Mode, "")).Value!.Ok);
        Assert.True(strict == (await _world.SendAsync(World.Ada, Extension.Start(_world, "session-1111111111111111", Complete))).Ok, what);
    }

    [Fact]
    public async Task Policies_rule_who_may_cancel_and_nothing_else()
    {
        var policy = new PolicyDescriptor { PolicyId = "p", Mode = Extension.Mode, SchemaVersion = 3, Rules = """{"commitment":{"authority":"any_participant"}}""" };
        Assert.True((await _world.Runtime.Policies.RegisterAsync(Ops, policy)).Value!.Ok);
        await StartAsync(start => start.PolicyVersion = "p");
        Expect.Code(ErrorCode.Forbidden, await CommitAsync(World.Bob));
        Assert.True(Expect.Done(await _world.Runtime.SuspendAsync(World.Bob, World.Session, "")).Ok);
        Expect.Failed(FailureKind.PermissionDenied, await _world.Runtime.ResumeAsync(World.Cyd, World.Session, ""));
        Assert.True(Expect.Done(await _world.Runtime.CancelAsync(World.Bob, World.Session, "")).Ok);
    }

    async Task StartAsync(Action<SessionStartPayload>? change = null) => Expect.Accepted(await _world.SendAsync(World.Ada, Extension.Start(_world, change: change)));

    Task<Ack> SendAsync(Identity sender, string type, byte[]? payload = null) => _world.SendAsync(sender, Extension.Message(_world, sender, type, payload: payload));

    Task<Ack> CommitAsync(Identity sender, Action<CommitmentPayload>? change = null) => _world.SendAsync(sender, Extension.Commitment(_world, sender, change));
}
