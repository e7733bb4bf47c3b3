using System.Net;
using System.Text.Json.Nodes;
using Macp.Runtime;
using Macp.Server;
using Macp.Testing;
using Macp.Tests;

namespace Macp.Conformance.Tests;

/// <summary>What a runtime keeps on disk of the fixtures is decided again as it was, without the registries that were there then.</summary>
public sealed class ReplayedFixtures : IDisposable
{
    const string Folder = "conformance";

    readonly string _data = Directory.CreateTempSubdirectory("macp-replayed-").FullName;

    public static TheoryData<string> All => OwnFixtures.All;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Theory]
    [MemberData(nameof(All))]
    public Task Own(string name) => ReplayAsync((name, OwnFixtures.Read(name)));

    [SharedFact(Folder)]
    public Task Shared() => ReplayAsync(
    [
        .. Directory.GetFiles(SharedFolder.Of(Folder), "*.json").Where(path => !path.EndsWith("schema.json", StringComparison.Ordinal))
            .Select(path => (Path.GetFileNameWithoutExtension(path), FixtureReader.ReadJson(path))),
    ]);

    async Task ReplayAsync(params (string Name, JsonObject Json)[] fixtures)
    {
        var options = new MacpServerOptions
        {
            Listen = new(IPAddress.Loopback, 0),
            AllowInsecure = true,
            ShutdownDrain = TimeSpan.FromSeconds(2),
            DataFolder = _data,
            Runtime = new() { SessionStartLimitPerMinute = int.MaxValue, MessageLimitPerMinute = int.MaxValue },
        };
        await using (var host = await MacpHost.StartAsync(BuiltIns.Catalog(), options))
        {
            await using var conformance = await Testing.Conformance.ConnectAsync(BuiltIns.Catalog(), host.Address);
            foreach (var (name, json) in fixtures) Assert.Equal((name, CheckResult.Pass), (name, await conformance.CheckAsync(name, json)));
        }

        var replay = new SessionReplay(BuiltIns.Catalog());
        var sessions = JournalArchive.Open(_data).ReadSessions().ToList();
        Assert.Equal(fixtures.Length, sessions.Count);
        Assert.All(sessions, session =>
        {
            var outcome = replay.Decide(session.Records);
            Assert.Empty(outcome.Differences);
            Assert.Equal((session.Records.Count(record => !record.IsAnnotation), null), (outcome.Messages, outcome.Undecided));
        });
    }
}
