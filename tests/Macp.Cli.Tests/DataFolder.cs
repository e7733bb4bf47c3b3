using System.Net;
using Macp.Client;
using Macp.Modes;
using Macp.Modes.Standard;
using Macp.Server;

namespace Macp.Cli.Tests;

/// <summary>A data folder of a test's own, and the runtimes in this process that keep their histories in it.</summary>
sealed class DataFolder : IDisposable
{
    readonly string _place = Directory.CreateTempSubdirectory("macp-folder-").FullName;

    public string Folder => Beside("data");

    /// <summary>The journal's first segment, which is its only one in a test.</summary>
    public string Segment => Path.Combine(Folder, "000000000001.segment");

    public string Beside(string name) => Path.Combine(_place, name);

    public Task<MacpHost> ServeAsync() =>
        MacpHost.StartAsync(new ModeCatalog().Add<DecisionMode>(), new() { Listen = new(IPAddress.Loopback, 0), AllowInsecure = true, DataFolder = Folder });

    public static MacpClient Connect(MacpHost host) => new(new() { Endpoint = host.Address, AllowInsecure = true, Auth = MacpAuth.DevAgent("ann") });

    /// <summary>Three sessions: one that was suspended and is open, one that was cancelled, one that is suspended.</summary>
    public static async Task<string[]> FillAsync(MacpClient client, string option = "x")
    {
        DecisionSession[] sessions = [.. Enumerable.Range(0, 3).Select(_ => new DecisionSession(client))];
        foreach (var session in sessions) await session.StartAsync(new() { Intent = "test", Participants = ["ann", "bob"], TimeToLive = TimeSpan.FromMinutes(5) });
        await sessions[0].SuspendAsync("lunch");
        await sessions[0].ResumeAsync();
        await sessions[0].ProposeAsync(proposalId: "p", option: option);
        await sessions[1].CancelAsync("enough");
        await sessions[2].SuspendAsync("lunch");
        return [.. sessions.Select(session => session.SessionId)];
    }

    /// <summary>Damages the start of the first session: the first record of the first batch.</summary>
    public void Damage()
    {
        byte[] bytes = File.ReadAllBytes(Segment);
        bytes[28 + 32 + 5] ^= 1;
        File.WriteAllBytes(Segment, bytes);
    }

    /// <summary>Cuts the last batch short.</summary>
    public void Tear() => File.WriteAllBytes(Segment, File.ReadAllBytes(Segment)[..^3]);

    public void Dispose() => Directory.Delete(_place, recursive: true);
}
