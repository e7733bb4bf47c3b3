using Macp.Protocol;
using Macp.Runtime;
using Xunit.Abstractions;

namespace Macp.Modes.Standard.Tests.Properties;

/// <summary>What holds of every mode and every sequence of messages in a real kernel, duplicates among them.</summary>
public sealed class KernelProperties(ITestOutputHelper output) : IAsyncLifetime
{
    // What the kernel answers before it asks the mode.
    static readonly HashSet<string> NotForModes = ["", MessageTypes.SessionStart, MessageTypes.Signal, MessageTypes.Progress, .. MessageTypes.Annotations];

    readonly MacpRuntime _runtime = KernelPlay.NewRuntime();

    public static TheoryData<string> Modes => [.. Subject.All.Keys];

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _runtime.DisposeAsync().AsTask();

    [Theory, MemberData(nameof(Modes))]
    public void A_message_that_is_refused_or_a_duplicate_changes_nothing(string mode) => Holds(mode, moment =>
        moment.IsAccepted ? moment.Streamed.SequenceEqual([moment.Message.MessageId]) ? null : $"the history got [{string.Join(", ", moment.Streamed)}]"
            : moment.Before != moment.After ? $"the state is {moment.After}"
            : moment.Streamed.Count > 0 ? $"the history got [{string.Join(", ", moment.Streamed)}]" : null);

    [Theory, MemberData(nameof(Modes))]
    public void Nothing_is_accepted_after_a_commitment(string mode) => Holds(mode, moment =>
        !moment.IsLate || moment.Ack.Duplicate ? null
            : moment.IsAccepted ? "it was accepted after the commitment"
            : NotForModes.Contains(moment.Message.MessageType) || moment.Ack.Error?.Code == ErrorCode.SessionNotOpen.Value || HasTakenId(moment) ? null : "the refusal does not say that the session is not open");

    [Theory, MemberData(nameof(Modes))]
    public void The_kernel_accepts_what_the_mode_accepts(string mode) => Holds(mode, moment =>
        NotForModes.Contains(moment.Message.MessageType) || moment.Ack.Duplicate || moment.IsLate || HasTakenId(moment) ? null
            : moment.Expected is null ? moment.IsAccepted ? null : "the mode would have accepted it"
            : !moment.IsAccepted && moment.Ack.Error.Code == moment.Expected.Code.Value && moment.Ack.Error.Message == moment.Expected.Reason ? null : $"the mode says {moment.Expected}");

    [Theory, MemberData(nameof(Modes))]
    public void The_projection_of_the_stream_follows_the_kernel(string mode) =>
        Holds(mode, moment => moment.Projected == moment.After ? null : $"the kernel has {moment.After}, the projection {moment.Projected}");

    [Theory, MemberData(nameof(Modes))]
    public void What_preflight_refuses_the_kernel_refuses_with_the_same_code(string mode) => Holds(mode, moment =>
        moment.Preflight is null || (!moment.Ack.Ok && moment.Ack.Error.Code == moment.Preflight.Code.Value) ? null : $"preflight says {moment.Preflight}");

    void Holds(string mode, Func<KernelMoment, string?> law)
    {
        var census = new Census();
        var subject = Subject.All[mode];
        Cases.Hold(attempts =>
        {
            // In memory everything is durable at once, so that there is nothing to wait for.
            var play = KernelPlay.RunAsync(_runtime, subject, attempts).GetAwaiter().GetResult();
            census.Count(play.Moments.Count, play.Moments.Count(moment => moment.IsLate), play.Accepted.Select(ModeProperties.SignOf));
            return play.Moments.Select(moment => law(moment) is { } broken ? $"{moment}: {broken}" : null).FirstOrDefault(broken => broken is not null) is { } first ? $"{first}{play}" : null;
        });
        census.AssertDepth(output);
    }

    static bool HasTakenId(KernelMoment moment) => moment.Ack.Error?.Message.EndsWith("is taken by another message of this session", StringComparison.Ordinal) is true;
}
