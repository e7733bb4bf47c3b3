using Macp.Modes;
using Macp.Modes.MultiRound;
using Macp.Modes.Standard;
using Macp.Runtime;
using Macp.Testing;
using Macp.Wire.V1;

namespace Macp.Conformance.Tests;

/// <summary>
/// The fixtures, policies included, told to a kernel that registers them. Whatever it accepted fits: no projection calls anything of it an
/// anomaly, whether it knows the policy from the start or is told at the end.
/// </summary>
public sealed class AcceptedHistories
{
    public static TheoryData<string> All => OwnFixtures.All;

    [Theory]
    [MemberData(nameof(All))]
    public async Task Have_no_anomaly(string name)
    {
        var fixture = FixtureReader.Parse(name, OwnFixtures.Read(name));
        var policy = fixture.Policy;
        var history = await AcceptedAsync(fixture);

        IProjection told = New(fixture.Mode), ignorant = New(fixture.Mode);
        if (policy is not null) told.UsePolicy(policy);
        foreach (var envelope in history)
        {
            Assert.Equal(ProjectionResult.Applied, told.Apply(envelope));
            Assert.Equal(ProjectionResult.Applied, ignorant.Apply(envelope));
        }
        Assert.Empty(told.Anomalies.Concat(ignorant.Anomalies));
        if (policy is not null) ignorant.UsePolicy(policy);
        Assert.Equal(told.ToJson(), ignorant.ToJson());
    }

    /// <summary>What the kernel accepts of a fixture, which is what the fixture says.</summary>
    static async Task<IReadOnlyList<Envelope>> AcceptedAsync(Fixture fixture)
    {
        var told = new ToldFixture(fixture);
        await using var runtime = new MacpRuntime(BuiltIns.Catalog(), told.Options);
        for (int i = 0; i < told.Messages.Count; i++) await told.TellAsync(runtime, i);
        var history = await ToldFixture.ReadAsync(runtime);
        Assert.Equal(told.Messages.Count(message => message.Accepted), history.Count);
        return [.. history.Select(record => record.Envelope)];
    }

    static IProjection New(string mode) => mode switch
    {
        "macp.mode.decision.v1" => new DecisionProjection(),
        "macp.mode.proposal.v1" => new ProposalProjection(),
        "macp.mode.task.v1" => new TaskProjection(),
        "macp.mode.handoff.v1" => new HandoffProjection(),
        "macp.mode.quorum.v1" => new QuorumProjection(),
        _ => new MultiRoundProjection(),
    };
}
