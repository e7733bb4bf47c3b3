using Macp.Server.Telemetry;

namespace Macp.Server.Tests;

/// <summary>What anybody can cause does not fill the log, and what a caller has chosen does not forge it.</summary>
public sealed class LogAllowanceTests
{
    [Fact]
    public async Task A_flood_of_refusals_is_written_in_part_and_the_rest_is_counted()
    {
        var notebook = new Notebook();
        await using var runtime = await TestRuntime.StartAsync(configure: notebook.Opened, authentication: new() { TokensJson = """[{"token":"t","sender":"s"}]""" });
        for (int i = 0; i < 100; i++) await runtime.RefusesAsync("UNAUTHENTICATED", "wrong", Envelopes.Start(Envelopes.NewSession()));
        Assert.Equal(LogAllowance.Entries, notebook.Notes.Count(note => note.Id == 20));

        runtime.Time.Advance(LogAllowance.Window);
        await runtime.RefusesAsync("UNAUTHENTICATED", "wrong", Envelopes.Start(Envelopes.NewSession()));

        Assert.Equal(LogAllowance.Entries + 1, notebook.Notes.Count(note => note.Id == 20));
        Assert.Equal($"{100 - LogAllowance.Entries} entries of event 20 were not written: there were too many", Assert.Single(notebook.Notes, note => note.Id == 29).Text);
    }

    [Theory]
    [InlineData("agent://ann", "agent://ann"), InlineData("Jürgen 李", "Jürgen 李"), InlineData("", "")]
    [InlineData("a\nwarn: forged", "a\uFFFDwarn: forged"), InlineData("a\u001b[2Jb", "a\uFFFD[2Jb"), InlineData("a\u202eb\u2028c", "a\uFFFDb\uFFFDc")]
    public void What_a_caller_has_chosen_stays_on_one_line_and_is_seen(string text, string written) => Assert.Equal(written, LogText.Of(text));

    [Fact]
    public void And_it_is_not_long() => Assert.Equal($"{new string('x', 200)}... (1000000 characters)", LogText.Of(new('x', 1_000_000)));
}
