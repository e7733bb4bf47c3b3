using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;
using static Macp.Runtime.Tests.Replaying.NotesStory;

namespace Macp.Runtime.Tests.Replaying;

/// <summary>Histories that were accepted under other rules than those that decide now, or under rules that are not there.</summary>
public sealed class RuleChangeTests
{
    [Fact]
    public async Task A_stricter_rule_is_told_with_its_code_and_its_reason_and_the_rest_is_decided()
    {
        var story = await TellAsync();
        var outcome = story.Then(First, 1060).Replay(modes => modes.Add<AlteredNotes.TakesNoSecond>());

        Assert.Equal("6 Refused Note: accepted at 300 -> INVALID_ENVELOPE: one note is enough\n8 Refused Note: accepted at 1060 -> SESSION_NOT_OPEN: the session is not open: it is expired", Tell(outcome));
        var found = outcome.Differences[0];
        Assert.Equal((Second, 5L, story.Records[Second].MessageId), (found.Position, found.Ordinal, found.MessageId));
        Assert.Equal(Rejection.InvalidEnvelope("one note is enough"), found.Rejection);
        Assert.Equal((6, (string?)null), (outcome.Messages, outcome.Undecided));
    }

    [Fact]
    public async Task What_is_refused_and_cannot_be_folded_ends_the_replay()
    {
        var outcome = (await TellAsync()).Replay(modes => modes.Add<AlteredNotes.CannotReadTheSecond>());

        Assert.Equal("6 Refused Note: accepted at 300 -> INVALID_ENVELOPE: one note is enough", Tell(outcome));
        Assert.Equal((5, "the mode cannot fold message 5: what is that?"), (outcome.Messages, outcome.Undecided));
    }

    [Fact]
    public async Task A_start_that_the_mode_refuses_is_told_and_the_rest_is_decided()
    {
        var outcome = (await TellAsync()).Without(Rang).Replay(modes => modes.Add<AlteredNotes.StartsNothing>());

        Assert.Equal("0 Refused SessionStart: accepted at 0 -> INVALID_ENVELOPE: not today\n3 Missing Rang: nothing -> came due at 120, before what stands here", Tell(outcome));
    }

    [Fact]
    public async Task What_does_not_come_due_any_more_and_what_comes_due_later_are_told()
    {
        var story = await TellAsync();

        Assert.Equal("3 NotDue Rang: came due at 120 -> nothing of this id comes due", Tell(story.Replay(modes => modes.Add<AlteredNotes.RingsNever>())));
        Assert.Equal("3 Otherwise Rang: timestamp_unix_ms 120, accepted_at_unix_ms 120 -> timestamp_unix_ms 125, accepted_at_unix_ms 125",
            Tell(story.Replay(modes => modes.Add<AlteredNotes.RingsLate>())));
    }

    [Fact]
    public async Task A_mode_that_throws_is_told_with_what_it_throws()
    {
        var story = await TellAsync();
        var broken = story.Replay(modes => modes.Add<AlteredNotes.BreaksOnTheSecond>());
        Assert.Equal("6 Broken Note: accepted at 300 -> InvalidOperationException: out of paper", Tell(broken));
        Assert.Equal("the mode is broken", broken.Undecided);
        Assert.Equal("0 Broken SessionStart: accepted at 0 -> InvalidOperationException: shut", Tell(story.Replay(modes => modes.Add<AlteredNotes.CannotOpen>())));
    }

    [Fact]
    public async Task A_due_message_on_which_the_mode_throws_is_told_and_the_rest_is_decided()
    {
        var world = new World();
        await world.StartAsync();
        await world.AlarmAsync("broken", 10);
        world.Time.Advance(10);
        Expect.Code(ErrorCode.InternalError, await world.NoteAsync(World.Bob, "one"));
        Expect.Accepted(await world.NoteAsync(World.Bob, "one, again"));
        var outcome = new NotesStory(world.History.Of(World.Session)).Then(0, 10).Replay();

        Assert.Equal("2 Broken Rang: came due at 10 -> InvalidOperationException: Rang breaks\n"
            + "3 Refused SessionStart: accepted at 10 -> INVALID_ENVELOPE: message_id 'm1' is taken by another message of this session", Tell(outcome));
        Assert.Null(outcome.Undecided);
    }

    [Fact]
    public async Task Each_session_is_decided_by_the_version_that_it_is_bound_to()
    {
        var first = await TellAsync();
        var second = first.WithPayload<SessionStartPayload>(Start, start => start.ModeVersion = "2.0.0").With(Start, bind: bound => bound with { ModeVersion = "2.0.0" });
        static void Both(ModeCatalog modes) => modes.Add<AlteredNotes.Second>().Add<NotesMode>();

        Assert.Empty(first.Replay(Both).Differences);
        Assert.Equal(4, second.Replay(Both).Differences.Count(found => found.Rejection is { Reason: "version 2 takes nothing" }));
    }

    [Fact]
    public async Task What_is_not_known_here_cannot_be_decided_and_is_no_difference()
    {
        var story = await TellAsync();
        AssertUndecided("ext.notes.v1 is not hosted here in version 1.0.0", story.Replay(_ => { }));
        AssertUndecided("ext.notes.v1 is not hosted here in version 1.0.0", story.Replay(modes => modes.Add<AlteredNotes.Second>()));
        AssertUndecided("the session was accepted under revision 2 of the semantics, which is not known here", story.With(Start, bind: bound => bound with { SemanticsRevision = 2 }).Replay());
        AssertUndecided("the history does not begin with a start", new NotesStory([]).Replay());
        AssertUndecided("the history does not begin with a start", new NotesStory([.. story.Records.Skip(1)]).Replay());

        static void AssertUndecided(string why, ReplayOutcome outcome) => Assert.Equal((0, 0, why), (outcome.Messages, outcome.Differences.Count, outcome.Undecided));
    }
}
