using System.Text;
using System.Text.RegularExpressions;
using Documented;
using Macp.Client;
using Macp.Modes.Standard;
using Macp.Tests;
using Macp.Wire.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Macp.Agents.Tests;

/// <summary>docs/agents.md shows what is compiled and run here, and hosts run it.</summary>
public sealed partial class DocumentTests : IDisposable
{
    static readonly string Page = File.ReadAllText(Path.Combine(SharedFolder.Repository, "docs", "agents.md"));

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("macp-agents");

    [Theory]
    [InlineData("Chair.cs"), InlineData("Voter.cs")]
    public void The_page_shows_the_code_as_it_is(string file) =>
        Assert.Equal(File.ReadAllText(Path.Combine(SharedFolder.Repository, "tests", "Macp.Agents.Tests", "Documented", file)), Block(file));

    [Theory]
    [InlineData("flat.json"), InlineData("nested.json")]
    public void The_page_shows_bootstrap_files_that_are_understood(string file)
    {
        var read = MacpBootstrap.Parse(Encoding.UTF8.GetBytes(Block(file)), file);

        Assert.Equal(("ann", DecisionMode.Descriptor.Identifier, "choose a day"), (read.ParticipantId, read.Mode, read.Initiator!.Start.Intent));
        Assert.NotNull(read.Initiator.Kickoff);
        Assert.Null(Record.Exception(() => read.CreateClient()));
    }

    [Fact]
    public async Task Two_hosts_and_a_chair_come_to_a_decision()
    {
        await using var decisions = await Decisions.StartAsync();
        using var ann = Voter.CreateHost(Bootstrap(decisions, "ann"));
        using var bob = Voter.CreateHost(Bootstrap(decisions, "bob"));
        await Task.WhenAll(ann.StartAsync(), bob.StartAsync()).Happens();

        var result = await Chair.DecideAsync(decisions.Runtime.Connect("chair"), decisions.SessionId).Happens();
        await Task.WhenAll(ann.WaitForShutdownAsync(), bob.WaitForShutdownAsync()).Happens();

        Assert.Equal((SessionState.Resolved, "day.chosen"), (result.State, result.Commitment!.Action));
    }

    [Fact]
    public async Task A_host_that_stops_takes_its_agent_out_of_the_session()
    {
        await using var decisions = await Decisions.StartAsync();
        await decisions.ProposedAsync();
        var agent = new Waiting();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(agent).AddSingleton(decisions.Runtime.Connect("bob")).AddLogging();
        builder.Services.AddSingleton(MacpBootstrap.Parse(File.ReadAllBytes(Bootstrap(decisions, "bob", address: "nowhere:1")), "boot.json"));
        builder.Services.AddMacpParticipant<Waiting>();
        using var host = builder.Build();
        await host.StartAsync();
        var session = await agent.Joined.Task.Happens();

        await host.StopAsync().Happens();

        Assert.False(session.IsAttached);
        Assert.Equal(SessionState.Open, (await decisions.Of("alice").MetadataAsync()).State);
    }

    [Fact]
    public async Task An_agent_of_another_mode_is_refused()
    {
        await using var decisions = await Decisions.StartAsync();
        var bootstrap = MacpBootstrap.Parse(File.ReadAllBytes(Bootstrap(decisions, "bob")), "boot.json");
        await using var client = bootstrap.CreateClient();

        Assert.Throws<MacpConfigurationException>(() => bootstrap.CreateParticipant<QuorumSession>(client));
        Assert.Throws<MacpConfigurationException>(() => bootstrap.CreateParticipant(client, (c, options) => new QuorumSession(c, options)));
        Assert.Equal("bob", bootstrap.CreateParticipant<DecisionSession>(client).ParticipantId);
        Assert.Equal(decisions.SessionId, bootstrap.CreateParticipant<ExtensionSession>(client).Session.SessionId);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    string Bootstrap(Decisions decisions, string participant, string? address = null)
    {
        string file = Path.Combine(_folder.FullName, participant + ".json");
        File.WriteAllText(file, $$"""
            { "session_id": "{{decisions.SessionId}}", "participant_id": "{{participant}}", "mode": "macp.mode.decision.v1",
              "runtime_address": "{{address ?? decisions.Runtime.Endpoint.Authority}}", "secure": false, "allow_insecure": true, "agent_id": "{{participant}}" }
            """);
        return file;
    }

    static string Block(string name) => NamedBlock().Matches(Page).Single(block => block.Groups["name"].Value == name).Groups["text"].Value;

    [GeneratedRegex("^`(?<name>[^`]+)`[^\n]*:\n\n```[a-z]+\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex NamedBlock();

    sealed class Waiting : MacpAgent<DecisionSession>
    {
        public TaskCompletionSource<DecisionSession> Joined { get; } = new();

        protected override void Configure(MacpParticipant<DecisionSession> participant) =>
            participant.On("Proposal", (context, _) => { Joined.SetResult(context.Session); return Task.CompletedTask; });
    }
}
