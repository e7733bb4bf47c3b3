using Macp.Client;

namespace Macp.Cli.Tests;

/// <summary><c>macp backup</c>.</summary>
public sealed class BackupCommandTests : IDisposable
{
    const int Sessions = 40, Writers = 8, Backups = 3;

    readonly DataFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task A_server_on_a_copy_that_was_made_under_load_has_what_was_acknowledged_before_with_its_bytes()
    {
        Told[] told = [.. Enumerable.Range(0, Sessions).Select(_ => new Told())];
        var acknowledged = new List<int[]>();
        await using (var server = await MacpProcess.ServeAsync($"--dev --listen 127.0.0.1:0 --data {_data.Folder}", MacpProcess.Unlimited))
        {
            await using var client = Connect(server);
            var writing = Enumerable.Range(0, Writers).Select(writer => WriteAsync(client, [.. told.Where((_, i) => i % Writers == writer)])).ToArray();
            for (int i = 0; i < Backups; i++)
            {
                await SoonAsync(() => told.Sum(session => session.Acknowledged) > 200 * (i + 1));
                acknowledged.Add([.. told.Select(session => session.Acknowledged)]);
                var backup = await MacpProcess.Start($"backup {_data.Folder} {Copy(i)}").EndAsync();
                Assert.Equal(0, backup.Status);
                Assert.Matches($"^segments  1\nbatches   [0-9]+\nrecords   [0-9]+\nbytes     {new FileInfo(Path.Combine(Copy(i), "000000000001.segment")).Length}\nbackup    {Copy(i)}\n$", backup.Output);
            }
            server.Signal(MacpProcess.Terminate);
            await Task.WhenAll(writing);
            await server.EndAsync();
        }

        for (int i = 0; i < Backups; i++)
        {
            Assert.Equal(["000000000001.segment"], Directory.GetFileSystemEntries(Copy(i)).Select(Path.GetFileName));
            Assert.Equal(0, (await Invocation.OfAsync("log", Copy(i))).Status);
            await using var copy = await MacpProcess.ServeAsync($"--dev --listen 127.0.0.1:0 --data {Copy(i)}", MacpProcess.Unlimited);
            await using var client = Connect(copy);
            for (int session = 0; session < Sessions; session++) await told[session].CompareAsync(client, atLeast: acknowledged[i][session]);
            // It goes on by itself.
            var another = new Told();
            Assert.True(await another.WriteAsync(client) && await another.WriteAsync(client));
            copy.Signal(MacpProcess.Terminate);
            Assert.DoesNotContain("damage", (await copy.EndAsync()).Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_damaged_journal_is_copied_as_it_is_and_told()
    {
        await FillAsync();
        _data.Damage();

        var backup = await Invocation.OfAsync("backup", _data.Folder, Copy(0));

        Assert.Equal(1, backup.Status);
        Assert.Matches(
            "^macp: segment 1, offset 28, [0-9]+ bytes: a batch is damaged\nmacp: segment 1, offset [0-9]+, 0 bytes: batch 1 is missing\nmacp: 2 places of the journal are damaged; the copy is as it is\n$",
            backup.Error);
        Assert.Equal(File.ReadAllBytes(_data.Segment), File.ReadAllBytes(Path.Combine(Copy(0), "000000000001.segment")));
    }

    [Fact]
    public async Task A_torn_end_is_left_out_and_told()
    {
        await FillAsync();
        _data.Tear();

        var backup = await Invocation.OfAsync("backup", _data.Folder, Copy(0));

        Assert.Equal(0, backup.Status);
        Assert.Matches("^macp: left out: segment 1, offset [0-9]+, [0-9]+ bytes: the last batch is incomplete: it was only being written\n$", backup.Error);
        Assert.DoesNotContain("note", (await Invocation.OfAsync("log", Copy(0))).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_used_is_told_with_the_way_out()
    {
        await FillAsync();
        string nowhere = _data.Beside("nowhere"), target = Copy(0);

        Assert.Equal(new Invocation(2, "", $"macp: there is no folder '{nowhere}'\n"), await Invocation.OfAsync("backup", nowhere, target));
        Assert.Equal(new Invocation(2, "", $"macp: '{_data.Folder}' is there already, and a backup is made in a new folder or an empty one\n"), await Invocation.OfAsync("backup", _data.Folder, _data.Folder));
        Directory.CreateDirectory(target + ".partial");
        Assert.Equal(
            new Invocation(2, "", $"macp: '{target}.partial' is there: another backup is under way, or was interrupted; in that case delete it and try again\n"),
            await Invocation.OfAsync("backup", _data.Folder, target));
        Assert.False(Path.Exists(target));
    }

    [Fact]
    public async Task One_that_a_signal_ends_leaves_nothing()
    {
        await FillAsync();

        Assert.Equal(new Invocation(130, "", "macp: given up\n"), await Invocation.OfAsync(null, ["backup", _data.Folder, Copy(0)], new(canceled: true)));
        Assert.Equal([_data.Folder], Directory.GetFileSystemEntries(_data.Beside("")));
    }

    string Copy(int number) => _data.Beside($"copy-{number}");

    async Task FillAsync()
    {
        await using var host = await _data.ServeAsync();
        await using var client = DataFolder.Connect(host);
        await DataFolder.FillAsync(client);
    }

    static MacpClient Connect(MacpProcess server) => new(new() { Endpoint = server.Endpoint, AllowInsecure = true, Auth = MacpAuth.DevAgent("ann") });

    /// <summary>One message after another, from session to session, until the server is gone.</summary>
    static async Task WriteAsync(MacpClient client, Told[] sessions)
    {
        for (int i = 0; await sessions[i % sessions.Length].WriteAsync(client); i++)
        {
            // On to the next.
        }
    }

    static async Task SoonAsync(Func<bool> holds)
    {
        for (int i = 0; !holds(); i++)
        {
            Assert.True(i < 6000, "the load does not come on");
            await Task.Delay(10);
        }
    }
}
