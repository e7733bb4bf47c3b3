using Macp.Client;
using Macp.Modes.Standard;
using Macp.Wire.V1;

namespace Macp.Cli.Tests;

/// <summary>Where <c>macp serve</c> keeps histories, and that they outlive it.</summary>
public sealed class DataFolderTests : IDisposable
{
    const int Kill = 9;

    readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("macp-data-").FullName, "data");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Fact]
    public async Task What_was_acknowledged_is_there_after_the_process_was_killed()
    {
        string session;
        await using (var server = await ServeAsync())
        {
            await using var client = Connect(server);
            var decision = new DecisionSession(client);
            session = decision.SessionId;
            await decision.StartAsync(new() { Intent = "choose", Participants = ["ann"], TimeToLive = TimeSpan.FromHours(1) });
            await decision.ProposeAsync("p1", "an option");
            server.Signal(Kill);
            await server.EndAsync();
        }

        await using var again = await ServeAsync();
        await using var ann = Connect(again);
        var resumed = new DecisionSession(ann, new() { SessionId = session });
        await resumed.VoteAsync("p1", "APPROVE");
        await resumed.CommitAsync(new() { Action = "decision.selected", AuthorityScope = "team", Reason = "all agree", OutcomePositive = true });
        Assert.Equal(SessionState.Resolved, (await ann.GetSessionAsync(session)).State);
        var types = new List<string>();
        await foreach (var item in ann.FollowSessionAsync(session)) types.Add(((SessionStreamItem.Accepted)item).Envelope.MessageType);
        Assert.Equal(["SessionStart", "Proposal", "Vote", "Commitment"], types);
    }

    [Fact]
    public async Task Its_first_line_says_where_it_keeps_them_what_goes_on_and_how_to_connect()
    {
        for (int sessions = 0; sessions < 3; sessions++)
        {
            await using var server = await ServeAsync();
            string goOn = sessions switch { 0 => "new", 1 => "1 session goes on", _ => "2 sessions go on" };
            Assert.Equal($"macp: histories in {_folder} ({goOn}); development: a caller's token is its name; connect with --endpoint {server.Endpoint.OriginalString}", server.ReadyLine);
            Assert.Equal(0, (await Invocation.OfAsync("sessions", "list", "--endpoint", server.Endpoint.OriginalString, "--token", "ann")).Status);

            await using var client = Connect(server);
            await new DecisionSession(client).StartAsync(new() { Intent = "choose", Participants = ["ann"], TimeToLive = TimeSpan.FromHours(1) });
            server.Signal(MacpProcess.Terminate);
            Assert.Equal(new Invocation(0, "", ""), await server.EndAsync());
        }
    }

    [Fact]
    public async Task On_a_fresh_machine_it_is_a_folder_where_it_was_started_and_nobody_else_can_connect()
    {
        string place = Directory.CreateTempSubdirectory("macp-fresh-").FullName;
        await using var server = await MacpProcess.ServeInAsync(place, "--dev --listen 127.0.0.1:0");
        Assert.StartsWith($"macp: histories in {Path.Combine(place, ".macp-data")} (new); ", server.ReadyLine, StringComparison.Ordinal);
        Assert.True(server.Endpoint.IsLoopback);
        Assert.True(Directory.Exists(Path.Combine(place, ".macp-data")));
        server.Signal(MacpProcess.Terminate);
        await server.EndAsync();
        Directory.Delete(place, recursive: true);
    }

    [Fact]
    public async Task A_second_process_is_told_whose_the_folder_is_and_a_file_is_no_folder()
    {
        await using var server = await ServeAsync();
        var second = await MacpProcess.Start($"serve --dev --listen 127.0.0.1:0 --data {_folder}").EndAsync();
        Assert.Equal((1, ""), (second.Status, second.Output));
        Assert.Contains("belongs to another process", second.Error, StringComparison.Ordinal);

        string file = _folder + ".txt";
        await File.WriteAllTextAsync(file, "");
        var misled = await MacpProcess.Start($"serve --dev --listen 127.0.0.1:0 --data {file}").EndAsync();
        Assert.Equal((1, ""), (misled.Status, misled.Output));
        Assert.Contains($"the data folder '{file}' cannot be used", misled.Error, StringComparison.Ordinal);
    }

    Task<MacpProcess> ServeAsync() => MacpProcess.ServeAsync($"--dev --listen 127.0.0.1:0 --data {_folder}");

    static MacpClient Connect(MacpProcess server) => new(new() { Endpoint = server.Endpoint, AllowInsecure = true, Auth = MacpAuth.DevAgent("ann") });
}
