using System.Diagnostics;
using System.Numerics;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Macp.Client;
using Macp.Modes.Standard;
using Macp.Wire.V1;

namespace Macp.Cli.Tests;

/// <summary><c>macp log</c>.</summary>
public sealed class LogTests : IDisposable
{
    const string Time = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z";

    readonly DataFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task It_lists_the_sessions_beside_the_runtime_that_keeps_them_and_says_how_much_there_is()
    {
        await using var host = await _data.ServeAsync();
        await using var client = DataFolder.Connect(host);
        string[] ids = await DataFolder.FillAsync(client);

        var log = await Invocation.OfAsync("log", _data.Folder);

        Assert.Equal((0, ""), (log.Status, log.Error));
        Assert.Matches(
            $"""
            ^SESSION +MODE +STATE +MESSAGES +STARTED +LAST
            {ids[1].PadRight(36)}  macp.mode.decision.v1  Cancelled         1  {Time}  {Time}
            {ids[0].PadRight(36)}  macp.mode.decision.v1  Open              2  {Time}  {Time}
            {ids[2].PadRight(36)}  macp.mode.decision.v1  Suspended         1  {Time}  {Time}

            segments  1
            batches   [0-9]+
            records   8
            bytes     {new FileInfo(_data.Segment).Length}
            $
            """, log.Output);
    }

    [Fact]
    public async Task The_trace_in_which_a_session_began_is_told_where_there_was_one()
    {
        await using var host = await _data.ServeAsync();
        await using var client = DataFolder.Connect(host);
        var (plain, traced) = ((await DataFolder.FillAsync(client))[0], new DecisionSession(client));
        var caller = new Activity("a caller").SetIdFormat(ActivityIdFormat.W3C).Start();
        await traced.StartAsync(new() { Intent = "test", Participants = ["ann", "bob"], TimeToLive = TimeSpan.FromMinutes(5) });
        caller.Stop();

        string trace = caller.TraceId.ToString();
        Assert.Matches($"(?m)^trace +{trace}$", (await Invocation.OfAsync("log", _data.Folder, "--session", traced.SessionId)).Output);
        Assert.Equal(trace, JsonNode.Parse((await Invocation.OfAsync("log", _data.Folder, "--session", traced.SessionId, "--json")).Lines[0])!["trace_id"]!.GetValue<string>());
        Assert.DoesNotContain("trace", (await Invocation.OfAsync("log", _data.Folder, "--session", plain)).Output);
        Assert.DoesNotContain("trace", (await Invocation.OfAsync("log", _data.Folder, "--session", plain, "--json")).Output);
        Assert.Equal((0, ""), await Invocation.OfAsync("replay", _data.Folder) is var replay ? (replay.Status, replay.Error) : default);
    }

    [Fact]
    public async Task The_json_is_what_the_runtime_tells_of_its_sessions_and_how_much_there_is()
    {
        await using var host = await _data.ServeAsync();
        await using var client = DataFolder.Connect(host);
        string[] ids = await DataFolder.FillAsync(client);

        var log = await Invocation.OfAsync("log", _data.Folder, "--json");

        JsonNode[] lines = [.. log.Lines.Select(line => JsonNode.Parse(line)!)];
        Assert.Equal((0, "", 4), (log.Status, log.Error, lines.Length));
        foreach (var line in lines[..3])
        {
            var stored = SessionMetadata.Parser.ParseJson(line["session"]!.ToJsonString());
            var told = (await client.GetSessionAsync(stored.SessionId)).Metadata.Clone();
            told.ParticipantActivity.Clear();
            // A suspension puts the deadline off.
            if (stored.SessionId == ids[0]) told.ExpiresAtUnixMs = stored.ExpiresAtUnixMs;
            Assert.Equal(told, stored);
            Assert.True(line["whole"]!.GetValue<bool>());
        }
        Assert.Equal([1, 2, 1], lines[..3].Select(line => line["messages"]!.GetValue<int>()));
        Assert.Equal((1, 8), (lines[3]["journal"]!["segments"]!.GetValue<int>(), lines[3]["journal"]!["records"]!.GetValue<int>()));
    }

    [Fact]
    public async Task A_session_is_shown_with_what_its_start_bound_and_every_record()
    {
        await using var host = await _data.ServeAsync();
        await using var client = DataFolder.Connect(host);
        string id = (await DataFolder.FillAsync(client))[0];

        var log = await Invocation.OfAsync("log", _data.Folder, "--session", id);

        Assert.Equal((0, ""), (log.Status, log.Error));
        Assert.Matches(
            $$"""
            ^session        {{id}}
            mode           macp.mode.decision.v1 1.0.0
            state          Open
            initiator      ann
            participants   ann, bob
            started        {{Time}}
            expires        {{Time}}
            configuration  config.default
            policy         policy.default
            context        -
            extensions     -

               ACCEPTED +KIND        TYPE            ID +SENDER +BYTES  PAYLOAD
            1  {{Time}}  sent        SessionStart    [^ ]+ +ann +[0-9]+ +\{ "intent": "test", .+
            -  {{Time}}  annotation  SessionSuspend  .+"lunch".+
            -  {{Time}}  annotation  SessionResume   .+
            2  {{Time}}  sent        Proposal        [^ ]+ +ann +6 +\{ "proposal_id": "p", "option": "x" \}
            $
            """, log.Output);
    }

    [Fact]
    public async Task Its_json_has_the_envelopes_as_they_are_streamed()
    {
        await using var host = await _data.ServeAsync();
        await using var client = DataFolder.Connect(host);
        string id = (await DataFolder.FillAsync(client))[0];

        var log = await Invocation.OfAsync("log", _data.Folder, "--session", id, "--json");

        JsonNode[] records = [.. log.Lines.Skip(1).Select(line => JsonNode.Parse(line)!)];
        Assert.Equal([1, null, null, 2], records.Select(record => record["ordinal"]?.GetValue<int>()));
        Assert.Equal(["SENT", "ANNOTATION", "ANNOTATION", "SENT"], records.Select(record => record["kind"]!.GetValue<string>()));
        Assert.Equal("p", records[3]["payload"]!["proposal_id"]!.GetValue<string>());
        var streamed = new List<Envelope>();
        await foreach (var item in client.FollowSessionAsync(id))
        {
            if (item is SessionStreamItem.Accepted accepted) streamed.Add(accepted.Envelope);
            if (streamed.Count == 2) break;
        }
        Assert.Equal(streamed, records.Where(record => record["ordinal"] is not null).Select(record => Envelope.Parser.ParseJson(record["envelope"]!.ToJsonString())));
    }

    [Fact]
    public async Task Damage_is_told_with_its_place_and_with_the_sessions_that_may_lack_something()
    {
        string[] ids = await FilledAsync();
        _data.Damage();

        var log = await Invocation.OfAsync("log", _data.Folder);

        Assert.Equal((1, "macp: 2 places of the journal are damaged\n"), (log.Status, log.Error));
        Assert.Matches("\nDAMAGE    segment 1, offset 28, [0-9]+ bytes: a batch is damaged\nDAMAGE    segment 1, offset [0-9]+, 0 bytes: batch 1 is missing\n$", log.Output);
        Assert.DoesNotContain(ids[0], log.Output, StringComparison.Ordinal);
        var json = await Invocation.OfAsync("log", _data.Folder, "--json");
        Assert.Equal((1, log.Error), (json.Status, json.Error));
        var fault = JsonNode.Parse(json.Lines.First(line => line.Contains("\"fault\"", StringComparison.Ordinal)))!["fault"]!;
        Assert.Equal((1, 28, false, "a batch is damaged"), (fault["segment"]!.GetValue<int>(), fault["offset"]!.GetValue<int>(), fault["torn"]!.GetValue<bool>(), fault["reason"]!.GetValue<string>()));

        var lost = await Invocation.OfAsync("log", _data.Folder, "--session", ids[0]);
        Assert.Equal(new Invocation(1, "", $"macp: there is no session '{ids[0]}' in this journal, of which something is missing: 2 places of the journal are damaged\n"), lost);
    }

    [Fact]
    public async Task A_session_of_which_records_are_missing_is_marked_and_shown_as_far_as_it_goes()
    {
        string[] ids = await FilledAsync();
        // The proposal of the first session.
        byte[] bytes = File.ReadAllBytes(_data.Segment);
        bytes[bytes.AsSpan().IndexOf("Proposal"u8)] ^= 1;
        File.WriteAllBytes(_data.Segment, bytes);

        var log = await Invocation.OfAsync("log", _data.Folder);
        Assert.Equal(1, log.Status);
        Assert.EndsWith("  damaged", Assert.Single(log.Lines, line => line.StartsWith(ids[0], StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotMatch("damaged$", Assert.Single(log.Lines, line => line.StartsWith(ids[1], StringComparison.Ordinal)));

        var shown = await Invocation.OfAsync("log", _data.Folder, "--session", ids[0]);
        Assert.Equal((1, "macp: the journal is damaged, and records of this session are missing, or may be\n"), (shown.Status, shown.Error));
        Assert.Contains("SessionResume", shown.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await Invocation.OfAsync("log", _data.Folder, "--session", ids[1])).Status);
    }

    [Fact]
    public async Task A_torn_end_is_a_note_and_no_damage()
    {
        await FilledAsync();
        _data.Tear();

        var log = await Invocation.OfAsync("log", _data.Folder);

        Assert.Equal((0, ""), (log.Status, log.Error));
        Assert.Matches("^note      segment 1, offset [0-9]+, [0-9]+ bytes: the last batch is incomplete: it was only being written$", log.Lines[^1]);
    }

    [Fact]
    public async Task A_session_that_is_not_there_is_told_and_so_is_a_folder_that_has_no_journal()
    {
        await FilledAsync();
        string nowhere = _data.Beside("nowhere"), other = _data.Beside("");

        Assert.Equal(new Invocation(1, "", "macp: there is no session '-aB3_x9-Qm7TzW2kLp0RvYc' in this journal\n"), await Invocation.OfAsync("log", _data.Folder, "--session", "-aB3_x9-Qm7TzW2kLp0RvYc"));
        Assert.Equal(new Invocation(2, "", $"macp: there is no folder '{nowhere}'\n"), await Invocation.OfAsync("log", nowhere));
        Assert.Equal(new Invocation(2, "", $"macp: there is no journal in the folder '{other}'\n"), await Invocation.OfAsync("log", other));
    }

    [Fact]
    public async Task A_journal_of_another_version_is_one_that_cannot_be_used()
    {
        await FilledAsync();
        byte[] header = File.ReadAllBytes(_data.Segment)[..28];
        (header[8], header[12]) = (2, 2);
        uint checksum = ~header[..24].Aggregate(uint.MaxValue, BitOperations.Crc32C);
        BitConverter.TryWriteBytes(header.AsSpan(24), checksum);
        File.WriteAllBytes(_data.Beside("data/000000000002.segment"), header);

        const string Complaint = "macp: segment 2 of the journal has format version 2, and this program reads 1 only\n";
        var log = await Invocation.OfAsync("log", _data.Folder);
        Assert.Equal((2, Complaint), (log.Status, log.Error));
        Assert.Equal(new Invocation(2, "", Complaint), await Invocation.OfAsync("backup", _data.Folder, _data.Beside("copy")));
        Assert.Equal([_data.Folder], Directory.GetFileSystemEntries(_data.Beside("")));
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task What_was_said_cannot_forge_lines_or_do_anything_to_a_terminal(bool json)
    {
        const string Evil = "x\r\nsession  forged\u001b[2J\u009b1m\u202e\u2067\u061c\u2028";
        string id = (await FilledAsync(Evil))[0];

        var log = await Invocation.OfAsync(["log", _data.Folder, "--session", id, .. json ? new[] { "--json" } : []]);

        Assert.Contains("forged", log.Output, StringComparison.Ordinal);
        Assert.DoesNotMatch(new Regex("[\\p{Cc}\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]"), log.Output.Replace("\n", "", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, line => line.StartsWith("session  ", StringComparison.Ordinal) && !line.Contains(id, StringComparison.Ordinal));
        if (json) Assert.Equal(Evil, JsonNode.Parse(log.Lines[^1])!["payload"]!["option"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_output_that_cannot_be_written_is_not_the_folders_fault()
    {
        await FilledAsync();
        var error = new StringWriter();

        Assert.Equal(1, await MacpCommand.RunAsync(["log", _data.Folder], output: new FullWriter(), error: error));
        Assert.Equal("macp: the output cannot be written: No space left on device\n", error.ToString());
    }

    async Task<string[]> FilledAsync(string option = "x")
    {
        await using var host = await _data.ServeAsync();
        await using var client = DataFolder.Connect(host);
        return await DataFolder.FillAsync(client, option);
    }

    sealed class FullWriter : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => throw new IOException("No space left on device");
    }
}
