using Google.Protobuf;
using Macp.Modes;
using Macp.Protocol;

namespace Macp.Client.Tests;

/// <summary>Sessions by rules that are not quite this client's.</summary>
public class OtherRulesTests
{
    static readonly FollowOptions Quietly = new() { StateCheck = Timeout.InfiniteTimeSpan };

    readonly string _id = SessionIds.New();

    [Fact]
    public async Task The_payloads_of_another_version_of_the_mode_are_the_runtimes_to_judge()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(MacpAuth.DevAgent("alice"));

        await new NoteSession(client, new() { ModeVersion = "2.0.0" }).NoteAsync("");

        Assert.Single(runtime.Sent);
        await Assert.ThrowsAsync<MacpSessionException>(() => new NoteSession(client).NoteAsync(""));
    }

    [Fact]
    public async Task A_projection_that_failed_at_a_message_is_no_ground_to_refuse_another()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(MacpAuth.DevAgent("alice"));
        await using var session = new FragileSession(client, new() { SessionId = _id });
        Envelope[] history = [Notes.Start(_id, "bob", "alice", "bob"), Notes.Note(_id, "bob", "one"), Notes.Note(_id, "bob", FragileProjection.Breaks), Notes.Note(_id, "bob", "two")];
        int streams = 0;
        runtime.OnStream = async (requests, responses, call) =>
        {
            int after = (int)(await requests.ReadAsync())!.AfterSequence;
            foreach (var envelope in ++streams == 1 ? history[..2] : history[after..]) await responses.WriteAsync(new() { Envelope = envelope });
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
        };
        await session.AttachAsync(Quietly);
        await session.WaitForAsync("one").Happens();
        await Assert.ThrowsAsync<MacpSessionException>(() => session.NoteAsync("refused as long as the history is whole"));
        await session.DetachAsync();

        await session.AttachAsync(Quietly);
        var failure = await Assert.ThrowsAsync<MacpException>(() => session.WaitForEndAsync().Happens());
        Assert.IsType<InvalidOperationException>(failure.InnerException);
        await session.AttachAsync(Quietly);
        await session.WaitForAsync("two").Happens();

        await session.NoteAsync("the runtime's to judge");
        Assert.Single(runtime.Sent);
    }

    [Fact]
    public async Task What_acks_have_put_in_beside_the_history_is_no_ground_to_refuse()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(MacpAuth.DevAgent("alice"));
        await using var session = new FragileSession(client, new() { SessionId = _id });
        runtime.OnStream = async (_, responses, call) =>
        {
            await responses.WriteAsync(new() { Envelope = Notes.Start(_id, "bob", "alice", "bob") });
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
        };
        await session.AttachAsync(Quietly);
        await session.DetachAsync();
        await Assert.ThrowsAsync<MacpSessionException>(() => session.NoteAsync("by the history alone"));

        await session.NoteAsync("by its ack", new() { ValidateLocally = false });

        await session.NoteAsync("the runtime's to judge");
        Assert.Equal(2, runtime.Sent.Count);
    }

    [Fact]
    public async Task Whoever_follows_or_waits_hears_why_the_projection_failed()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(MacpAuth.DevAgent("alice"));
        await using var session = new FragileSession(client, new() { SessionId = _id });
        var go = new TaskCompletionSource();
        runtime.OnStream = async (requests, responses, _) =>
        {
            await responses.WriteAsync(new() { Envelope = Notes.Start(_id, "bob", "alice", "bob") });
            await go.Task;
            await responses.WriteAsync(new() { Envelope = Notes.Note(_id, "bob", FragileProjection.Breaks) });
        };
        var following = Task.Run(async () =>
        {
            await foreach (var _ in session.FollowAsync()) { }
        });
        while (session.Projection.Session is null) await Task.Delay(1);
        var waiting = session.WaitForAsync("never");
        go.SetResult();

        foreach (var heard in new[] { following, waiting })
        {
            var failure = await Assert.ThrowsAsync<MacpException>(() => heard.Happens());
            Assert.Contains(FragileProjection.Breaks, failure.Message, StringComparison.Ordinal);
            Assert.IsType<InvalidOperationException>(failure.InnerException);
        }
    }

    sealed class FragileProjection() : Projection<NoteState, NotePhase>(Notes.Mode)
    {
        public const string Breaks = "breaks";

        protected override NotePhase PhaseOf(NoteState state, SessionContext session) => NotePhase.Open;

        protected override Anomaly? Evolve(NoteState state, SessionContext session, in MessageContext message, ByteString payload) =>
            message.MessageId == Breaks ? throw new InvalidOperationException("a reducer's own fault") : null;

        protected override Rejection? Preflight(NoteState state, SessionContext session, in MessageContext message, ByteString payload) => Refuse.AlreadyCommitted();

        protected override void WriteState(NoteState state, SessionContext session, CanonicalJson json) => json.BeginObject().EndObject();
    }

    sealed class FragileSession(MacpClient client, SessionOptions options) : ModeSession<FragileProjection>(client, Notes.Descriptor, new FragileProjection(), options)
    {
        public Task<MacpAck> NoteAsync(string text, MacpCallOptions? call = null) => SendAsync("Note", new SignalPayload { SignalType = text }, null, call, CancellationToken.None);
    }
}
