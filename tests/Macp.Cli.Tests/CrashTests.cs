using Macp.Client;

namespace Macp.Cli.Tests;

/// <summary>
/// Kills <c>macp serve</c> at random moments under load, starts it again, and holds what it has against what its clients were told. Two rounds; as many as
/// <c>MACP_CRASH_ROUNDS</c> says, with the seed of <c>MACP_CRASH_SEED</c>.
/// </summary>
[Collection(JournalledServer.OneAtATime)]
public sealed class CrashTests : IDisposable
{
    const int Kill = 9, Sessions = 240, Writers = 24;

    readonly string _folder = Directory.CreateTempSubdirectory("macp-crash-").FullName;
    readonly int _seed = Setting("MACP_CRASH_SEED", Environment.TickCount & 0xFFFF);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_acknowledged_envelope_is_there_once_in_order_with_its_bytes_and_nothing_else()
    {
        var random = new Random(_seed);
        var told = new List<Told>();
        int rounds = Setting("MACP_CRASH_ROUNDS", 2);
        for (int round = 1; ; round++)
        {
            await using var server = await MacpProcess.ServeAsync($"--dev --listen 127.0.0.1:0 --data {_folder}", MacpProcess.Unlimited);
            await using var client = new MacpClient(new() { Endpoint = server.Endpoint, AllowInsecure = true, Auth = MacpAuth.DevAgent("ann") });
            foreach (var session in told) await session.CompareAsync(client, $"seed {_seed}, round {round}");
            if (round > rounds) break;
            while (told.Count < Sessions * round) told.Add(new());
            var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => WriteAsync(client, [.. told.Where((_, i) => i % Writers == writer)])));
            await Task.Delay(random.Next(100, 1000));
            // A machine that is busy with other things has hardly begun by then.
            for (int waits = 0; waits < 3000 && told.Sum(session => session.Acknowledged) <= Sessions * round; waits++) await Task.Delay(10);
            server.Signal(Kill);
            await writing;
            await server.EndAsync();
        }
        Assert.True(told.Sum(session => session.Acknowledged) > Sessions, "hardly anything was written");
    }

    /// <summary>One message after another, from session to session, until the server is gone.</summary>
    static async Task WriteAsync(MacpClient client, Told[] sessions)
    {
        for (int i = 0; ; i++)
            if (!await sessions[i % sessions.Length].WriteAsync(client)) return;
    }

    static int Setting(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), out int value) ? value : otherwise;
}
