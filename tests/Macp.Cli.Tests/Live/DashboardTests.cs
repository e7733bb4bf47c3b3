using System.Diagnostics;
using System.Text;
using Macp.Cli.Live;
using Macp.Modes.Standard;
using Spectre.Console;

namespace Macp.Cli.Tests.Live;

/// <summary><c>macp sessions watch</c> in a terminal, as it goes on.</summary>
[Collection(JournalledServer.OneAtATime)]
public class DashboardTests
{
    const string HidesCursor = "\u001b[?25l", ShowsCursor = "\u001b[?25h";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task It_goes_on_when_the_runtime_has_restarted()
    {
        await using var server = await JournalledServer.StartAsync();
        var session = new DecisionSession(server.Connect("ann"));
        await session.StartAsync(new() { Intent = "test", Participants = ["ann"], TimeToLive = TimeSpan.FromMinutes(5) });
        var screen = new Screen();
        using var stop = new CancellationTokenSource();
        var showing = Dashboard.RunAsync(screen.Console, server.Connect("ann"), TimeProvider.System, stop.Token);
        await screen.ShowsAsync(showing, "1 open, 0 ended", session.SessionId, "CREATED");

        await server.DieAsync();
        await server.ComeBackAsync();
        await session.CancelAsync();

        await screen.ShowsAsync(showing, "0 open, 1 ended", "CANCELLED");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => showing.WaitAsync(Patience));
    }

    [ScriptFact]
    public async Task In_a_terminal_it_is_a_table_and_with_plain_it_is_lines()
    {
        await using var runtime = await Decisions.HostAsync();
        var session = await runtime.StartAsync("ann", "ann", "bob");

        string table = await InTerminalAsync($"sessions watch --endpoint {runtime.Endpoint.Authority} --token ann", "CREATED");
        string lines = await InTerminalAsync($"sessions watch --plain --endpoint {runtime.Endpoint.Authority} --token ann", "ann");

        Assert.Contains("1 open, 0 ended since the watch began", table, StringComparison.Ordinal);
        Assert.Contains("PARTICIPANTS", table, StringComparison.Ordinal);
        // Also Ctrl-C leaves the terminal as it was.
        Assert.True(table.LastIndexOf(ShowsCursor, StringComparison.Ordinal) > table.LastIndexOf(HidesCursor, StringComparison.Ordinal));
        Assert.Contains(HidesCursor, table, StringComparison.Ordinal);
        Assert.Matches($"[0-9T:.-]+Z  CREATED    {session.SessionId}  Open       macp.mode.decision.v1  ann", lines);
        Assert.DoesNotContain(HidesCursor, lines, StringComparison.Ordinal);
    }

    /// <summary>Runs the built command in a pseudo-terminal until it has shown a text, then presses Ctrl-C; it must end well.</summary>
    static async Task<string> InTerminalAsync(string arguments, string until)
    {
        string command = $"stty cols 200 rows 40 -echo; exec /usr/bin/env --default-signal=INT,TERM {Path.Combine(AppContext.BaseDirectory, "macp")} {arguments}";
        var start = new ProcessStartInfo("script", ["--quiet", "--return", "--flush", "--command", command, "/dev/null"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["TERM"] = "xterm";
        using var process = Process.Start(start)!;
        try
        {
            var shown = new StringBuilder();
            char[] buffer = new char[4096];
            while (!shown.ToString().Contains(until, StringComparison.Ordinal))
            {
                int read = await process.StandardOutput.ReadAsync(buffer).AsTask().WaitAsync(Patience);
                if (read == 0) Assert.Fail($"it ended: {shown}");
                shown.Append(buffer, 0, read);
            }
            process.StandardInput.Write('\u0003');
            process.StandardInput.Flush();
            shown.Append(await process.StandardOutput.ReadToEndAsync().WaitAsync(Patience));
            await process.WaitForExitAsync().WaitAsync(Patience);
            Assert.Equal(0, process.ExitCode);
            return shown.ToString();
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>A terminal of a test's own, all of whose text is kept.</summary>
    sealed class Screen
    {
        readonly StringWriter _text = new();
        readonly TextWriter _gate;

        public Screen()
        {
            _gate = TextWriter.Synchronized(_text);
            Console = AnsiConsole.Create(new() { Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(_gate) });
            (Console.Profile.Width, Console.Profile.Height) = (200, 40);
        }

        public IAnsiConsole Console { get; }

        public async Task ShowsAsync(Task showing, params string[] texts)
        {
            for (var end = DateTime.UtcNow + Patience; DateTime.UtcNow < end; await Task.Delay(20))
            {
                if (showing.IsCompleted) await showing;
                if (texts.All(text => Text().Contains(text, StringComparison.Ordinal))) return;
            }
            Assert.Fail($"the screen never showed {string.Join(" and ", texts)}: {Text()}");
        }

        // The synchronized writer locks itself.
        string Text()
        {
            lock (_gate) return _text.ToString();
        }
    }

    /// <summary>A test that needs a pseudo-terminal, which <c>script</c> of util-linux makes.</summary>
    sealed class ScriptFactAttribute : FactAttribute
    {
        public ScriptFactAttribute() => Skip = File.Exists("/usr/bin/script") ? null : "needs /usr/bin/script (util-linux)";
    }
}
