using Macp.Cli.Live;
using Macp.Client;
using Macp.Wire.V1;
using Spectre.Console;
using EventType = Macp.Wire.V1.SessionLifecycleEvent.Types.EventType;

namespace Macp.Cli.Tests.Live;

/// <summary>What <c>macp sessions watch</c> shows in a terminal.</summary>
public class SessionBoardTests
{
    static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_open_session_is_a_row()
    {
        var board = new SessionBoard();
        board.Take(Change(EventType.Created, "s1"));

        Assert.Equal("1 open, 0 ended since the watch began; Ctrl-C ends it", Lines(board)[0]);
        Assert.Equal(["s1", "m", "ann", "ann, bob", "Open", "1m 30s", "3m 30s", "CREATED 1m 30s ago"], Cells(board, "s1"));
    }

    [Fact]
    public void What_happens_to_it_changes_its_row_and_a_suspended_one_has_no_time_that_runs()
    {
        var board = new SessionBoard();
        board.Take(Change(EventType.Created, "s1"));
        board.Take(Change(EventType.Suspended, "s1", SessionState.Suspended, secondsAgo: 5));

        Assert.Equal(["s1", "m", "ann", "ann, bob", "Suspended", "1m 30s", "-", "SUSPENDED 5s ago"], Cells(board, "s1"));
    }

    [Fact]
    public void One_that_has_ended_stands_below_and_only_the_last_few_do()
    {
        var board = new SessionBoard();
        for (int i = 1; i <= 7; i++)
        {
            board.Take(Change(EventType.Created, $"s{i}"));
            board.Take(Change(EventType.Resolved, $"s{i}", SessionState.Resolved, secondsAgo: 7 - i));
        }

        var lines = Lines(board);
        Assert.Equal("0 open, 7 ended since the watch began; Ctrl-C ends it", lines[0]);
        Assert.Equal(["s7", "s6", "s5", "s4", "s3"], lines.Where(line => line.StartsWith("2026-", StringComparison.Ordinal)).Select(line => line.Split("  ", StringSplitOptions.TrimEntries)[2]));
        Assert.Contains("2026-01-01T12:00:00.000Z  RESOLVED   s7  m  ann", lines);
    }

    [Fact]
    public void Those_for_which_there_is_no_room_are_counted()
    {
        var board = new SessionBoard();
        for (int i = 10; i < 40; i++) board.Take(Change(EventType.Created, $"s{i}"));

        var lines = Lines(board, height: 24);
        Assert.Equal("30 open, 20 of them not shown, 0 ended since the watch began; Ctrl-C ends it", lines[0]);
        Assert.True(lines.Count <= 24);
        Assert.Equal(10, lines.Count(line => line.Contains("CREATED", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_others_have_written_is_neither_markup_nor_a_command_to_the_terminal()
    {
        var board = new SessionBoard();
        board.Take(Change(EventType.Created, "[red]x[/]"));
        board.Take(Change(EventType.Created, "a\u001b[2J\nb\u202e"));
        board.Take(Change(EventType.Cancelled, "[bold", SessionState.Cancelled));

        var lines = Lines(board);
        Assert.Contains(lines, line => line.Contains("[red]x[/]", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("a [2J b", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("[bold", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Any(c => char.IsControl(c) || c is '\u202e'));
    }

    static List<string> Lines(SessionBoard board, int height = 40)
    {
        var output = new StringWriter();
        var console = AnsiConsole.Create(new() { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 160;
        console.Write(board.Render(Noon, height));
        return [.. output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd())];
    }

    static List<string> Cells(SessionBoard board, string session) =>
        [.. Lines(board).Single(line => line.Contains($" {session} ", StringComparison.Ordinal)).Split('│', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    static SessionChange Change(EventType type, string id, SessionState state = SessionState.Open, int secondsAgo = 90) => new()
    {
        Type = type.ToString().ToUpperInvariant(),
        ObservedAt = Noon.AddSeconds(-secondsAgo),
        Session = new() { SessionId = id, Mode = "m", State = state, Initiator = "ann", Participants = ["ann", "bob"], StartedAt = Noon.AddSeconds(-90), ExpiresAt = Noon.AddSeconds(210) },
    };
}
