using Google.Protobuf;
using Macp.Modes.Standard;
using Macp.Protocol;

namespace Macp.Samples;

/// <summary>Handoff: who is on call offers the responsibility with its context, the next one accepts, and the handing over is committed.</summary>
static class HandoffSample
{
    public static Task RunAsync(SampleStage stage, CancellationToken cancellationToken)
    {
        string id = SessionIds.New();
        return SampleStage.PlayAsync(cancellationToken,
            token => stage.NarrateAsync(new HandoffSession(stage.Connect("day"), new() { SessionId = id }), token),
            token => DayAsync(stage, id, token),
            token => NightAsync(stage, id, token));
    }

    static async Task DayAsync(SampleStage stage, string id, CancellationToken cancellationToken)
    {
        await using var handoff = new HandoffSession(stage.Connect("day"), new() { SessionId = id });
        await handoff.StartAsync(new() { Intent = "hand over the watch", Participants = ["day", "night"], TimeToLive = TimeSpan.FromMinutes(5) },
            cancellationToken: cancellationToken).ConfigureAwait(false);
        await handoff.AttachAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await handoff.OfferAsync("watch", "night", "all alerts", "the day is over", cancellationToken: cancellationToken).ConfigureAwait(false);
        await handoff.SendContextAsync("watch", "text/plain", ByteString.CopyFromUtf8("one disk is slow"), cancellationToken: cancellationToken).ConfigureAwait(false);

        await handoff.WaitForAsync(state => state.CanCommit(positive: true) is null, cancellationToken).ConfigureAwait(false);
        await handoff.CommitAsync(
            new() { Action = CommitmentActions.HandoffAccepted, AuthorityScope = "the watch", Reason = $"{handoff.Projection.Offers["watch"].Target} has it" },
            cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    static async Task NightAsync(SampleStage stage, string id, CancellationToken cancellationToken)
    {
        await using var handoff = new HandoffSession(stage.Connect("night"), new() { SessionId = id });
        await handoff.AttachAsync(SampleStage.Joining, cancellationToken: cancellationToken).ConfigureAwait(false);

        // Not before the context is there: what is accepted is known.
        await handoff.WaitForAsync(state => state.Contexts.ContainsKey("watch"), cancellationToken).ConfigureAwait(false);
        await handoff.AcceptHandoffAsync("watch", reason: "the disk is noted", cancellationToken: cancellationToken).ConfigureAwait(false);
    }
}
