using System.Net;
using Macp.Client;

namespace Macp.Cli.Tests;

/// <summary><c>macp serve</c> with a journal, which is killed and comes back at the same address.</summary>
sealed class JournalledServer : IAsyncDisposable
{
    /// <summary>Tests that start servers again and again do not keep each other from the processor.</summary>
    public const string OneAtATime = "restarts";

    const int Kill = 9;

    static int _servers;

    readonly string _folder = Directory.CreateTempSubdirectory("macp-journalled-").FullName;
    readonly List<MacpClient> _clients = [];
    MacpProcess? _process;

    JournalledServer()
    {
    }

    public Uri Endpoint { get; private set; } = new($"http://{NextAddress()}:0");

    /// <summary>An address on the loopback that nobody else uses: the port is free when a server comes back to it, and no client finds itself there.</summary>
    public static IPAddress NextAddress() => new([127, (byte)(Environment.ProcessId >> 8), (byte)Environment.ProcessId, (byte)Interlocked.Increment(ref _servers)]);

    public static async Task<JournalledServer> StartAsync()
    {
        var server = new JournalledServer();
        await server.ComeBackAsync();
        return server;
    }

    public MacpClient Connect(string participant)
    {
        var client = new MacpClient(new() { Endpoint = Endpoint, AllowInsecure = true, Auth = MacpAuth.DevAgent(participant) });
        _clients.Add(client);
        return client;
    }

    public async Task DieAsync()
    {
        _process!.Signal(Kill);
        await _process.EndAsync();
    }

    public async Task ComeBackAsync()
    {
        _process = await MacpProcess.ServeAsync($"--dev --listen {Endpoint.Host}:{Endpoint.Port} --data {_folder}", MacpProcess.Unlimited);
        Endpoint = _process.Endpoint;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) await client.DisposeAsync();
        await _process!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
