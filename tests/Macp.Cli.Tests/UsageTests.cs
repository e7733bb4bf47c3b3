using System.Text;

namespace Macp.Cli.Tests;

public class UsageTests
{
    [Theory]
    [InlineData("--help"), InlineData("-h"), InlineData("play --help"), InlineData("serve --help"), InlineData("conform --help"), InlineData("modes --help")]
    [InlineData("sessions --help"), InlineData("sessions tail --help"), InlineData("signal --help"), InlineData("signal send --help"), InlineData("send --help"), InlineData("policy --help"), InlineData("policy check --help"), InlineData("log --help"), InlineData("backup --help"), InlineData("replay --help")]
    public async Task Help_is_told_on_the_output(string line)
    {
        var help = await Invocation.OfAsync(line.Split(' '));

        Assert.Equal((0, ""), (help.Status, help.Error));
        Assert.Contains("Usage:", help.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_names_every_command_and_the_options_of_serve()
    {
        string commands = (await Invocation.OfAsync("--help")).Output, serve = (await Invocation.OfAsync("serve", "--help")).Output;

        Assert.All(["play", "serve", "conform", "modes", "sessions", "signal", "send", "policy", "log", "backup", "replay"], command => Assert.Contains($"  {command} ", commands, StringComparison.Ordinal));
        Assert.All(["--listen <HOST:PORT>", "--dev"], option => Assert.Contains(option, serve, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "Required command was not provided.", "macp --help")]
    [InlineData("frobnicate", "'frobnicate' is no command or option here", "macp --help")]
    [InlineData("--frob", "'--frob' is no command or option here", "macp --help")]
    [InlineData("play --frob", "there is no option --frob here", "macp play --help")]
    [InlineData("play one two", "'two' is no command or option here", "macp play --help")]
    [InlineData("modes --frob", "there is no option --frob here", "macp modes --help")]
    [InlineData("serve --frob", "'--frob' is no command or option here", "macp serve --help")]
    [InlineData("serve --listen", "Required argument missing for option: '--listen'.", "macp serve --help")]
    [InlineData("serve --listen 50051", "--listen must be an IP address and a port, such as 127.0.0.1:50051; it is '50051'.", "macp serve --help")]
    [InlineData("conform", "Required argument 'PATH' missing for command: 'conform'.", "macp conform --help")]
    [InlineData("replay", "Required argument 'FOLDER' missing for command: 'replay'.", "macp replay --help")]
    [InlineData("replay --frob", "there is no option --frob here", "macp replay --help")]
    [InlineData("sessions", "Required command was not provided.", "macp sessions --help")]
    [InlineData("sessions prune", "'prune' is no command or option here", "macp sessions --help")]
    [InlineData("sessions list --frob", "'--frob' is no command or option here", "macp sessions list --help")]
    [InlineData("sessions show", "Required argument 'ID' missing for command: 'show'.", "macp sessions show --help")]
    [InlineData("sessions tail --frob", "there is no option --frob here", "macp sessions tail --help")]
    [InlineData("sessions tail s --after -1", "--after must be a whole number, 0 or more; it is '-1'", "macp sessions tail --help")]
    [InlineData("sessions tail s --after 1.5", "--after must be a whole number, 0 or more; it is '1.5'", "macp sessions tail --help")]
    [InlineData("sessions tail s --after 99999999999999999999", "--after must be a whole number, 0 or more; it is '99999999999999999999'", "macp sessions tail --help")]
    [InlineData("signal send", "Required argument 'TYPE' missing for command: 'send'.", "macp signal send --help")]
    [InlineData("signal send t --confidence high", "--confidence must be a finite number such as 0.75; it is 'high'", "macp signal send --help")]
    [InlineData("signal send t --confidence NaN", "--confidence must be a finite number such as 0.75; it is 'NaN'", "macp signal send --help")]
    [InlineData("signal send --frob", "there is no option --frob here", "macp signal send --help")]
    [InlineData("send", "Required argument 'TYPE' missing for command: 'send'.", "macp send --help")]
    [InlineData("send --frob", "there is no option --frob here", "macp send --help")]
    [InlineData("send Vote --frob", "there is no option --frob here", "macp send --help")]
    [InlineData("send SessionStart --ttl 5", "--ttl must be a whole number and ms, s, m or h, such as 90s; it is '5'", "macp send --help")]
    [InlineData("send SessionStart --ttl -5s", "--ttl must be a whole number and ms, s, m or h, such as 90s; it is '-5s'", "macp send --help")]
    [InlineData("policy", "Required command was not provided.", "macp policy --help")]
    [InlineData("policy get", "Required argument 'ID' missing for command: 'get'.", "macp policy get --help")]
    [InlineData("policy check", "Required argument 'FILE' missing for command: 'check'.", "macp policy check --help")]
    [InlineData("policy check --frob", "there is no option --frob here", "macp policy check --help")]
    [InlineData("log", "Required argument 'FOLDER' missing for command: 'log'.", "macp log --help")]
    [InlineData("log --frob", "there is no option --frob here", "macp log --help")]
    [InlineData("log data --session", "Required argument missing for option: '--session'.", "macp log --help")]
    [InlineData("backup data", "Required argument 'TARGET' missing for command: 'backup'.", "macp backup --help")]
    [InlineData("backup data --frob", "there is no option --frob here", "macp backup --help")]
    public async Task Wrong_usage_is_told_with_the_way_out(string line, string complaint, string help)
    {
        var wrong = await Invocation.OfAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(new Invocation(2, "", $"macp: {complaint}\nmacp: '{help}' lists what there is\n"), wrong);
    }

    [Fact]
    public async Task Where_complaints_cannot_be_written_the_exit_status_stays_what_it_is()
    {
        await using var full = new FullWriter();

        Assert.Equal(2, await MacpCommand.RunAsync(["frobnicate"], output: new StringWriter(), error: full));
        Assert.Equal(2, await MacpCommand.RunAsync(["modes", "nobodys.mode"], output: new StringWriter(), error: full));
        Assert.True(full.IsTried);
    }

    sealed class FullWriter : TextWriter
    {
        public bool IsTried { get; private set; }

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value)
        {
            IsTried = true;
            throw new IOException("No space left on device");
        }
    }
}
