using Macp.Modes;
using Macp.Modes.Standard;
using Macp.Protocol;
using Macp.Wire.Modes.Decision.V1;
using Macp.Wire.V1;

namespace Macp.Runtime.Tests.Governing;

/// <summary>What rights a bound policy gives: who commits may read the session, and cancel, suspend and resume it (decisions 24).</summary>
public sealed class PolicyRightsTests
{
    readonly Office _office = new();

    [Fact]
    public async Task Whom_the_policy_designates_may_read_and_control_and_no_other_stranger()
    {
        await StartAsync(new() { Authority = CommitmentAuthority.DesignatedRole, DesignatedRoles = ["mallory"] });
        var other = new Identity("oscar");

        Assert.True((await _office.Runtime.GetSessionAsync(Office.Stranger, Office.Session)).Succeeded(out _, out _));
        Assert.True((await _office.Runtime.SubscribeAsync(Office.Stranger, Office.Session, 0)).Succeeded(out _, out _));
        Expect.Failed(FailureKind.PermissionDenied, await _office.Runtime.GetSessionAsync(other, Office.Session));
        Expect.Failed(FailureKind.PermissionDenied, await _office.Runtime.SubscribeAsync(other, Office.Session, 0));
        Expect.Failed(FailureKind.PermissionDenied, await _office.Runtime.CancelAsync(other, Office.Session, ""));
        Expect.Failed(FailureKind.PermissionDenied, await _office.Runtime.CancelAsync(Office.Bob, Office.Session, "")); // a participant, and no more

        Assert.True(Expect.Done(await _office.Runtime.SuspendAsync(Office.Stranger, Office.Session, "")).Ok);
        Assert.True(Expect.Done(await _office.Runtime.ResumeAsync(Office.Ada, Office.Session, "")).Ok); // the initiator always
        Assert.True(Expect.Done(await _office.Runtime.CancelAsync(Office.Stranger, Office.Session, "")).Ok);
    }

    [Fact]
    public async Task Whom_the_policy_designates_may_commit_and_say_nothing_else()
    {
        await StartAsync(new() { Authority = CommitmentAuthority.DesignatedRole, DesignatedRoles = ["mallory"] });
        Expect.Code(ErrorCode.Forbidden, await SendAsync(Office.Stranger, new ProposalPayload { ProposalId = "p", Option = "ship" }));
        Expect.Accepted(await SendAsync(Office.Bob, new ProposalPayload { ProposalId = "p", Option = "ship" }));
        Expect.Code(ErrorCode.Forbidden, await SendAsync(Office.Ada, Office.Commitment(true)));
        Expect.Accepted(await SendAsync(Office.Stranger, Office.Commitment(true)));
    }

    [Fact]
    public async Task Any_participant_may_control_where_any_may_commit()
    {
        await StartAsync(new() { Authority = CommitmentAuthority.AnyParticipant });
        Expect.Failed(FailureKind.PermissionDenied, await _office.Runtime.SuspendAsync(Office.Stranger, Office.Session, ""));
        Assert.True(Expect.Done(await _office.Runtime.SuspendAsync(Office.Bob, Office.Session, "")).Ok);
        Assert.True(Expect.Done(await _office.Runtime.CancelAsync(Office.Cyd, Office.Session, "")).Ok);
    }

    [Fact]
    public async Task To_manage_policies_or_to_observe_gives_no_right_in_a_session()
    {
        await StartAsync(new());
        foreach (var outsider in (Identity[])[Office.Ops, new("onlooker") { IsObserver = true }])
        {
            Expect.Failed(FailureKind.PermissionDenied, await _office.Runtime.CancelAsync(outsider, Office.Session, ""));
            Expect.Code(ErrorCode.Forbidden, await SendAsync(outsider, Office.Commitment(true)));
        }
        Expect.Failed(FailureKind.PermissionDenied, await _office.Runtime.GetSessionAsync(Office.Ops, Office.Session));
    }

    [Fact]
    public async Task Policies_are_managed_by_those_who_may_and_read_by_all_who_are_known()
    {
        var policies = _office.Runtime.Policies;
        var policy = TaskPolicy.Create("policy.a", "A task's.");
        Expect.Failed(FailureKind.Unauthenticated, await policies.RegisterAsync(null, null));
        Expect.Failed(FailureKind.PermissionDenied, await policies.RegisterAsync(Office.Ada, null));
        Expect.Failed(FailureKind.InvalidArgument, await policies.RegisterAsync(Office.Ops, null));
        Expect.Failed(FailureKind.PermissionDenied, await policies.RegisterAsync(Office.Ada, policy));
        Expect.Failed(FailureKind.Unauthenticated, await policies.UnregisterAsync(null, "policy.a"));
        Expect.Failed(FailureKind.PermissionDenied, await policies.UnregisterAsync(Office.Ada, "policy.a"));
        Expect.Failed(FailureKind.Unauthenticated, policies.Get(null, "policy.default"));
        Expect.Failed(FailureKind.Unauthenticated, policies.List(null, ""));
        Expect.Failed(FailureKind.NotFound, policies.Get(Office.Ada, "policy.a"));

        Assert.True((await _office.RegisterAsync(policy)).Ok);
        Assert.Equal(policy.Rules, _office.Get("policy.a").Rules);
    }

    async Task StartAsync(CommitmentPolicy commitment)
    {
        Assert.True((await _office.RegisterAsync(DecisionPolicy.Create("policy.test", "A test's.", commitment: commitment))).Ok);
        Expect.Accepted(await _office.StartAsync(DecisionMode.Descriptor, "policy.test"));
    }

    Task<Ack> SendAsync(Identity sender, Google.Protobuf.IMessage payload) => _office.SendAsync(sender, payload, DecisionMode.Descriptor);
}
