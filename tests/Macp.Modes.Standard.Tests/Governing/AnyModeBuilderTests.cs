using static Macp.Modes.Standard.Tests.Governing.Registered;

namespace Macp.Modes.Standard.Tests.Governing;

/// <summary>Policies for any mode, as they are built.</summary>
public sealed class AnyModeBuilderTests
{
    [Fact]
    public void It_rules_who_commits_and_a_runtime_takes_it()
    {
        var policy = AnyModePolicy.Create("p", "d", new() { Authority = CommitmentAuthority.DesignatedRole, DesignatedRoles = ["ana"] });

        Assert.Equal(("*", 3u, """{"commitment":{"authority":"designated_role","designated_roles":["ana"],"require_vote_quorum":false}}"""), (policy.Mode, policy.SchemaVersion, policy.Rules));
        Assert.Null(Read(policy));
        Assert.Equal(["ana"], AnyModePolicy.CommitmentOf(policy).DesignatedRoles);
    }

    [Fact]
    public void It_refuses_what_a_runtime_would()
    {
        Assert.Equal("commitment.designated_roles", Assert.Throws<InvalidPolicyException>(() => AnyModePolicy.Create("p", "d", new() { Authority = CommitmentAuthority.DesignatedRole })).Fault.Path);
        Assert.Equal("policy_id", Assert.Throws<InvalidPolicyException>(() => AnyModePolicy.Create(" ", "d")).Fault.Path);
        Assert.Equal("schema_version", Assert.Throws<InvalidPolicyException>(() => AnyModePolicy.Create("p", "d", schemaVersion: 4)).Fault.Path);
    }
}
