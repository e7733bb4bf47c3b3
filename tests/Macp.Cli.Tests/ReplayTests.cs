using System.Text.Json.Nodes;
using Google.Protobuf;
using Macp.Client;
using Macp.Modes.Standard;
using Macp.Runtime;
using Macp.Wire.Modes.Decision.V1;
using Macp.Wire.V1;

namespace Macp.Cli.Tests;

/// <summary><c>macp replay</c>, on folders that a server wrote, and on such as only another program can have written.</summary>
public sealed class ReplayTests : IDisposable
{
    const string Session = "session-0000000000000000";

    readonly DataFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task What_a_server_keeps_is_decided_again_while_it_serves_and_after()
    {
        string session;
        await using (var server = await MacpProcess.ServeAsync($"--dev --listen 127.0.0.1:0 --data {_data.Folder}"))
        {
            await using var client = new MacpClient(new() { Endpoint = server.Endpoint, AllowInsecure = true, Auth = MacpAuth.DevAgent("ann") });
            var decision = new DecisionSession(client);
            session = decision.SessionId;
            await decision.StartAsync(new() { Intent = "choose", Participants = ["ann"], TimeToLive = TimeSpan.FromHours(1) });
            await decision.ProposeAsync("p1", "an option");
            await decision.SuspendAsync("lunch");
            Assert.Equal(new Invocation(0, "1 session, 2 messages, 0 differences, 0 cannot be decided\n", ""), await Invocation.OfAsync("replay", _data.Folder));
            await decision.ResumeAsync("back");
            await decision.VoteAsync("p1", "APPROVE");
            await decision.CommitAsync(new() { Action = "decision.selected", AuthorityScope = "team", Reason = "all agree", OutcomePositive = true });
        }

        Assert.Equal(new Invocation(0, "1 session, 4 messages, 0 differences, 0 cannot be decided\n", ""), await Invocation.OfAsync("replay", _data.Folder, "--session", session));
        Assert.Equal(new Invocation(1, "", "macp: there is no session 'nobodys' in this journal\n"), await Invocation.OfAsync("replay", _data.Folder, "--session", "nobodys"));
    }

    [Fact]
    public async Task Sessions_of_a_mode_that_was_registered_are_decided_by_its_descriptor()
    {
        await using (var server = await MacpProcess.ServeAsync($"--dev --listen 127.0.0.1:0 --data {_data.Folder}"))
        {
            await using var client = new MacpClient(new() { Endpoint = server.Endpoint, AllowInsecure = true, Auth = MacpAuth.DevAgent("ann") });
            await client.RegisterExtModeAsync(new() { Mode = "ext.notes.v1", ModeVersion = "1.0.0", MessageTypes = { "Note", "Commitment" }, TerminalMessageTypes = { "Commitment" } });
            await client.PromoteModeAsync("ext.notes.v1", "ext.papers.v1");
            var start = new SessionStartPayload { Participants = { "ann" }, ModeVersion = "1.0.0", ConfigurationVersion = "c", TtlMs = 60_000 };
            await client.SendAsync(EnvelopeOf("SessionStart", "m1", start.ToByteString()));
            await client.SendAsync(EnvelopeOf("Note", "m2", ByteString.CopyFromUtf8("anything")));
        }
        Assert.Equal(new Invocation(0, "1 session, 2 messages, 0 differences, 0 cannot be decided\n", ""), await Invocation.OfAsync("replay", _data.Folder));

        static Envelope EnvelopeOf(string type, string id, ByteString payload) =>
            new() { MacpVersion = "1.0", Mode = "ext.papers.v1", MessageType = type, MessageId = id, SessionId = Session, Sender = "ann", TimestampUnixMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), Payload = payload };
    }

    [Fact]
    public async Task Each_difference_is_a_line_with_its_code_and_its_reason()
    {
        Write(Start(), Message(2, "Proposal", new ProposalPayload { ProposalId = "p1", Option = "one" }), Message(3, "Vote", new VotePayload { ProposalId = "p\u001b1", Vote = "APPROVE" }));

        Assert.Equal(new Invocation(1, $"{Session}  3  Vote  m3  accepted at 1800000000003; now INVALID_ENVELOPE: proposal_id 'p 1' is not among the session's proposals\n1 session, 3 messages, 1 difference, 0 cannot be decided\n", ""),
            await Invocation.OfAsync("replay", _data.Folder));
    }

    [Fact]
    public async Task Scripts_get_an_object_for_each_session()
    {
        Write(Start(), Message(2, "Vote", new VotePayload { ProposalId = "p1", Vote = "APPROVE" }));

        var replayed = await Invocation.OfAsync("replay", _data.Folder, "--json");
        Assert.Equal((1, ""), (replayed.Status, replayed.Error));
        var session = JsonNode.Parse(Assert.Single(replayed.Lines))!;
        Assert.Equal((Session, "macp.mode.decision.v1", "1.0.0", true, 2L), ((string?)session["session_id"], (string?)session["mode"], (string?)session["mode_version"], (bool)session["whole"]!, (long)session["messages"]!));
        Assert.Null(session["undecided"]);
        var difference = Assert.Single(session["differences"]!.AsArray())!;
        Assert.Equal(("REFUSED", 1L, 2L, "Vote", "m2", "INVALID_ENVELOPE"),
            ((string?)difference["kind"], (long)difference["position"]!, (long)difference["ordinal"]!, (string?)difference["message_type"], (string?)difference["message_id"], (string?)difference["code"]));
    }

    [Fact]
    public async Task A_mode_that_is_not_hosted_is_told_and_is_no_difference()
    {
        Write(Start(mode: "ext.elsewhere.v1"));

        Assert.Equal(new Invocation(0, $"{Session}  cannot be decided: ext.elsewhere.v1 is not hosted here in version 1.0.0\n1 session, 0 messages, 0 differences, 1 cannot be decided\n", ""),
            await Invocation.OfAsync("replay", _data.Folder));
    }

    [Fact]
    public async Task Damage_is_told_and_what_is_left_is_decided()
    {
        Write(Start(), Message(2, "Proposal", new ProposalPayload { ProposalId = "p1", Option = "one" }), Message(3, "Proposal", new ProposalPayload { ProposalId = "p2", Option = "two" }));
        byte[] bytes = await File.ReadAllBytesAsync(_data.Segment);
        bytes[bytes.AsSpan().IndexOf("p1"u8)] ^= 1;
        await File.WriteAllBytesAsync(_data.Segment, bytes);

        var replayed = await Invocation.OfAsync("replay", _data.Folder);
        Assert.Equal(new Invocation(1, $"{Session}  is not whole: damage took records of it, or may have\n1 session, 1 message, 0 differences, 0 cannot be decided\n", "macp: 2 places of the journal are damaged\n"), replayed);
    }

    [Fact]
    public async Task A_folder_that_holds_no_journal_is_wrong_usage()
    {
        Assert.Equal(new Invocation(2, "", $"macp: there is no folder '{_data.Folder}'\n"), await Invocation.OfAsync("replay", _data.Folder));
        string empty = Directory.CreateDirectory(_data.Beside("empty")).FullName;
        Assert.Equal(new Invocation(2, "", $"macp: there is no journal in the folder '{empty}'\n"), await Invocation.OfAsync("replay", empty));
    }

    /// <summary>Keeps a history without asking any rule; each record is a batch of its own.</summary>
    void Write(params HistoryRecord[] records)
    {
        using var history = JournalHistory.Open(_data.Folder);
        var session = history.Create(Session)!;
        foreach (var record in records) session.WhenDurable(session.Append(record)).AsTask().GetAwaiter().GetResult();
    }

    static HistoryRecord Start(string mode = "macp.mode.decision.v1")
    {
        var payload = new SessionStartPayload { ModeVersion = "1.0.0", ConfigurationVersion = "cfg", TtlMs = 1000, Participants = { "ann" } };
        var policy = new Macp.Modes.PolicyBinding("policy.default", Definition: Macp.Modes.PolicyDefinition.Default);
        return Record(1, "SessionStart", payload, mode, new(SessionBinding.CurrentRevision, "1.0.0", policy, 1_800_000_001_001, 604_800_000));
    }

    static HistoryRecord Message(long ordinal, string type, IMessage payload) => Record(ordinal, type, payload, "macp.mode.decision.v1", null);

    static HistoryRecord Record(long ordinal, string type, IMessage payload, string mode, SessionBinding? binding) => new(RecordKind.Sent, new()
    {
        MacpVersion = "1.0", Mode = mode, SessionId = Session, MessageType = type, MessageId = $"m{ordinal}", Sender = "ann", Payload = payload.ToByteString(),
    }, 1_800_000_000_000 + ordinal, ordinal, binding);
}
