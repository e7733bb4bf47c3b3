using Macp.Agents;
using Macp.Modes.Standard;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Documented;

/// <summary>Evaluates what is proposed, and votes as its strategy says. A host makes it, and runs it.</summary>
public sealed class Voter(IVotingStrategy voting) : MacpAgent<DecisionSession>
{
    /// <summary>A process for one session: what is in its bootstrap file, until it has ended or SIGTERM comes.</summary>
    public static IHost CreateHost(string bootstrapFile)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddSingleton<IVotingStrategy>(new MajorityVoter { MinimumEvaluations = 2 });
        builder.Services.AddMacpParticipant<Voter>(new() { BootstrapFile = bootstrapFile, StopHostAtEnd = true });
        return builder.Build();
    }

    protected override void Configure(MacpParticipant<DecisionSession> participant) => participant
        .EvaluateWith((proposal, _, _) => ValueTask.FromResult<EvaluationChoice?>(new(proposal.Option == "monday" ? "APPROVE" : "REVIEW", 0.8)))
        .VoteWith(voting);
}
