using Macp.Modes;
using Macp.Modes.MultiRound;
using Macp.Modes.Standard;
using Macp.Server;
using Macp.Testing;
using Macp.Tests;
using Xunit.Abstractions;

namespace Macp.Cli.Tests;

/// <summary>
/// Fixtures, played over the wire as <c>macp conform --endpoint</c> plays them, against a journalled server that is stopped after every message and started
/// again at the same address. One of each mode; where <c>MACP_RESTART_FIXTURES</c> is <c>all</c>, all of them, the published ones too.
/// </summary>
[Collection(JournalledServer.OneAtATime)]
public sealed class RestartedConformTests(ITestOutputHelper output)
{
    static readonly string[] OneEach =
        ["decision_positive_outcome", "proposal_withdrawal", "task_completed", "handoff_accepted", "quorum_approved", "multi_round_converges"];

    static readonly ModeCatalog Modes =
        new ModeCatalog().Add<DecisionMode>().Add<ProposalMode>().Add<TaskMode>().Add<HandoffMode>().Add<QuorumMode>().Add<MultiRoundMode>();

    [Fact]
    public async Task Everything_of_ours_passes_against_a_server_with_a_journal()
    {
        await using var server = await JournalledServer.StartAsync();
        string folder = Path.Combine(AppContext.BaseDirectory, "Fixtures");

        var conformed = await Invocation.OfAsync("conform", folder, "--endpoint", server.Endpoint.OriginalString);

        Assert.Equal((0, $"{Directory.GetFiles(folder).Length} passed, 0 failed, 0 skipped"), (conformed.Status, conformed.Lines[^1]));
    }

    [Fact]
    public async Task Everything_passes_although_the_server_is_restarted_after_each_message()
    {
        await using var server = await RestartedHost.StartAsync();
        await PlayAsync(server.Endpoint, [.. Fixtures()], server.RestartAsync);
    }

    [Fact]
    public async Task And_although_its_process_is_killed()
    {
        await using var server = await JournalledServer.StartAsync();
        await PlayAsync(server.Endpoint, [FixtureReader.ReadFile(Scenario.Shipped("decision_policy_authority_initiator_only"))], async () =>
        {
            await server.DieAsync();
            await server.ComeBackAsync();
        });
    }

    async Task PlayAsync(Uri endpoint, IReadOnlyList<Fixture> fixtures, Func<Task> restartAsync)
    {
        var runner = new FixtureRunner(Modes, endpoint);
        var (failures, restarts) = (new List<string>(), 0);
        foreach (var fixture in fixtures)
        {
            // The runner goes on when it is asked for the next event, and has then the answer to the message before.
            await foreach (var happened in runner.PlayAsync(fixture))
            {
                if (happened is FixtureEvent.Finished finished)
                {
                    failures.AddRange(finished.Failures.Select(failure => $"{fixture.Name}: {failure}"));
                    continue;
                }
                await restartAsync();
                restarts++;
            }
        }

        output.WriteLine($"{fixtures.Count} fixtures, {restarts} restarts");
        Assert.Empty(failures);
        Assert.Equal(fixtures.Sum(fixture => fixture.Messages.Count + 1), restarts);
    }

    static IEnumerable<Fixture> Fixtures()
    {
        if (Environment.GetEnvironmentVariable("MACP_RESTART_FIXTURES") != "all") return OneEach.Select(name => FixtureReader.ReadFile(Scenario.Shipped(name)));
        string[] own = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Fixtures"), "*.json");
        string[] published = SharedFolder.WhyMissing("conformance") is null ? Directory.GetFiles(SharedFolder.Of("conformance"), "*.json") : [];
        return own.Concat(published.Where(path => Path.GetFileName(path) != "schema.json")).Order(StringComparer.Ordinal).Select(FixtureReader.ReadFile);
    }

    /// <summary>The server of <c>macp serve</c> with a journal, in this process: it stops as one does that is told to.</summary>
    sealed class RestartedHost : IAsyncDisposable
    {
        readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("macp-restarts-");
        readonly MacpServerOptions _options;
        MacpHost? _host;

        RestartedHost() => _options = new() { Listen = new(JournalledServer.NextAddress(), 0), AllowInsecure = true, DataFolder = _folder.FullName };

        public Uri Endpoint => _host!.Address;

        public static async Task<RestartedHost> StartAsync()
        {
            var server = new RestartedHost();
            server._host = await MacpHost.StartAsync(Modes, server._options);
            return server;
        }

        public async Task RestartAsync()
        {
            int port = Endpoint.Port;
            await _host!.DisposeAsync();
            _host = await MacpHost.StartAsync(Modes, _options with { Listen = new(_options.Listen.Address, port) });
        }

        public async ValueTask DisposeAsync()
        {
            await _host!.DisposeAsync();
            _folder.Delete(recursive: true);
        }
    }
}
