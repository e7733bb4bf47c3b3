namespace Macp.Cli.Tests;

public class UsageTests
{
    [Theory]
    [InlineData("--help"), InlineData("-h"), InlineData("play --help"), InlineData("serve --help"), InlineData("conform --help"), InlineData("modes --help")]
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

        Assert.All(["play", "serve", "conform", "modes"], command => Assert.Contains($"  {command} ", commands, StringComparison.Ordinal));
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
    public async Task Wrong_usage_is_told_with_the_way_out(string line, string complaint, string help)
    {
        var wrong = await Invocation.OfAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(new Invocation(2, "", $"macp: {complaint}\nmacp: '{help}' lists what there is\n"), wrong);
    }
}
