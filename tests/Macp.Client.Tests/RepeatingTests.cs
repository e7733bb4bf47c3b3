using Macp.Protocol;

namespace Macp.Client.Tests;

/// <summary>The same message once more, after an ack was lost.</summary>
public class RepeatingTests
{
    static readonly CommitOptions Done = new() { Action = "notes.taken", AuthorityScope = "team", Reason = "done" };

    [Fact]
    public async Task A_commitment_that_is_repeated_under_its_message_id_is_the_same_message()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(MacpAuth.DevAgent("alice"));
        var session = new NoteSession(client);
        var call = new MacpCallOptions { MessageId = "m1" };

        await session.CommitAsync(Done, call);
        await session.CommitAsync(Done, call);
        await session.CommitAsync(Done with { CommitmentId = "c1" }, call);
        await session.CommitAsync(Done);
        await session.CommitAsync(Done);

        var ids = runtime.Sent.Select(sent => CommitmentPayload.Parser.ParseFrom(sent.Payload).CommitmentId).ToList();
        Assert.Equal(runtime.Sent.First().Payload, runtime.Sent.ElementAt(1).Payload);
        Assert.Equal("c1", ids[2]);
        Assert.NotEqual(ids[3], ids[4]);
    }

    [Fact]
    public async Task Whether_an_ended_session_can_be_started_again_is_the_runtimes_to_say()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        await using var client = runtime.Connect(MacpAuth.DevAgent("alice"));
        var session = new NoteSession(client);
        await session.StartAsync(NoteSession.Start("alice"));
        await session.CancelAsync();
        runtime.OnSend = (request, _) => ValueTask.FromResult(FakeRuntime.Refuse(request.Envelope, "SESSION_ALREADY_EXISTS"));

        Assert.Equal(ErrorCode.SessionAlreadyExists, (await Assert.ThrowsAsync<MacpNackException>(() => session.StartAsync(NoteSession.Start("alice")))).Code);
    }
}
