using System.Net;
using System.Net.Sockets;
using Macp.Client;
using Macp.Modes.Standard;

namespace Macp.Cli.Tests;

/// <summary>How the server starts, or says why it does not.</summary>
public class ServeTests
{
    [Fact]
    public async Task It_says_where_it_listens_once_it_is_ready_and_serves()
    {
        await using var server = await MacpProcess.ServeAsync();
        Assert.Matches("^macp: histories in memory, where they end with it; development: a caller's token is its name; connect with --endpoint http://127\\.0\\.0\\.1:[1-9][0-9]*$", server.ReadyLine);

        var conformed = await Invocation.OfAsync("conform", Scenario.Shipped("decision_roles"), "--endpoint", server.Endpoint.Authority);

        Assert.Equal((0, "1 passed, 0 failed, 0 skipped"), (conformed.Status, conformed.Lines[^1]));
    }

    [Fact]
    public async Task That_line_is_all_it_says_when_memory_is_meant()
    {
        await using var server = await MacpProcess.ServeAsync();
        server.Signal(MacpProcess.Terminate);

        Assert.Equal(new Invocation(0, "", ""), await server.EndAsync());
    }

    [Fact]
    public async Task Without_authentication_it_does_not_start_and_names_the_way_out()
    {
        var refused = await MacpProcess.Start("serve --listen 127.0.0.1:0").EndAsync();

        Assert.Equal((1, ""), (refused.Status, refused.Output));
        Assert.Contains("no authentication configured", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--dev", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_variables_of_the_environment_do_what_the_options_do()
    {
        await using var server = await MacpProcess.ServeAsync("", ("MACP_ALLOW_INSECURE", "1"), ("MACP_BIND_ADDR", "127.0.0.1:0"));

        Assert.NotEqual(50051, server.Endpoint.Port);
        Assert.NotEqual(0, server.Endpoint.Port);
    }

    [Fact]
    public async Task An_option_counts_before_its_variable()
    {
        await using var server = await MacpProcess.ServeAsync("--dev --listen [::1]:0", ("MACP_BIND_ADDR", "127.0.0.1:0"));

        Assert.Contains(" --endpoint http://[::1]:", server.ReadyLine, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MACP_ALLOW_INSECURE", "true", "no authentication configured")]
    [InlineData("MACP_BIND_ADDR", "50051", "MACP_BIND_ADDR must be an IP address and a port")]
    [InlineData("MACP_MAX_PAYLOAD_BYTES", "0", "MACP_MAX_PAYLOAD_BYTES must be a whole number")]
    [InlineData("MACP_SESSION_START_LIMIT_PER_MINUTE", "many", "MACP_SESSION_START_LIMIT_PER_MINUTE must be a whole number")]
    [InlineData("MACP_MESSAGE_LIMIT_PER_MINUTE", "-1", "MACP_MESSAGE_LIMIT_PER_MINUTE must be a whole number")]
    public async Task A_variable_with_a_value_that_makes_no_sense_is_named(string name, string value, string error)
    {
        string dev = name == "MACP_ALLOW_INSECURE" ? "" : "--dev";
        var refused = await MacpProcess.Start($"serve {dev}", ("MACP_BIND_ADDR", "127.0.0.1:0"), (name, value)).EndAsync();

        Assert.Equal((1, ""), (refused.Status, refused.Output));
        Assert.StartsWith($"macp: {error}", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_settings_file_of_the_folder_does_what_the_variables_do()
    {
        using var folder = new Scenario();
        folder.Write("appsettings.json", """{ "Macp": { "AllowInsecure": true, "BindAddr": "127.0.0.1:0", "MemoryOnly": true } }""");

        await using var server = await MacpProcess.ServeInAsync(folder.Folder, "");

        Assert.StartsWith("macp: histories in memory, where they end with it; development: ", server.ReadyLine, StringComparison.Ordinal);
        Assert.NotEqual(50051, server.Endpoint.Port);
    }

    [Theory]
    [InlineData("""{ "Macp": { "BindAdr": "127.0.0.1:0" } }""", "Macp:BindAdr is no setting of the runtime")]
    [InlineData("""{ "Macp": """, "appsettings.json cannot be read: ")]
    public async Task A_settings_file_that_makes_no_sense_is_named(string json, string error)
    {
        using var folder = new Scenario();
        folder.Write("appsettings.json", json);

        var refused = await MacpProcess.StartIn(folder.Folder, "serve --dev").EndAsync();

        Assert.Equal((1, ""), (refused.Status, refused.Output));
        Assert.StartsWith($"macp: {error}", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_variable_of_another_case_is_another_one()
    {
        await using var server = await MacpProcess.ServeAsync("--dev", ("MACP_BIND_ADDR", "127.0.0.1:0"), ("macp_bind_addr", "127.0.0.1:1"));
        Assert.NotEqual(1, server.Endpoint.Port);
    }

    [Fact]
    public async Task A_folder_without_a_name_is_wrong_usage()
    {
        var refused = await Invocation.OfAsync("serve", "--dev", "--data", "");
        Assert.Equal(2, refused.Status);
        Assert.Contains("--data must name a folder", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_told_in_one_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        var refused = await MacpProcess.Start($"serve --dev --listen {taken.LocalEndpoint}").EndAsync();

        Assert.Equal((1, ""), (refused.Status, refused.Output));
        Assert.Matches($"^macp: cannot listen on {taken.LocalEndpoint}: .*address already in use\\.?\n$", refused.Error);
    }

    [Fact]
    public async Task So_is_the_port_of_the_metrics()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        var refused = await MacpProcess.Start("serve --dev --listen 127.0.0.1:0", ("MACP_MEMORY_ONLY", "1"), ("MACP_METRICS_ADDR", $"{taken.LocalEndpoint}")).EndAsync();

        Assert.Equal((1, ""), (refused.Status, refused.Output));
        Assert.StartsWith($"macp: cannot listen on {taken.LocalEndpoint}: ", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_of_another_machine_is_told_in_one_line()
    {
        var refused = await MacpProcess.Start("serve --dev --listen 192.0.2.1:0", ("MACP_DEV_IDENTITY_REMOTE", "1")).EndAsync();

        Assert.Equal((1, ""), (refused.Status, refused.Output));
        Assert.Matches("^macp: cannot listen on 192\\.0\\.2\\.1:0: .+\n$", refused.Error);
    }

    [Fact]
    public async Task The_payload_limit_is_that_of_the_environment()
    {
        await using var server = await MacpProcess.ServeAsync(environment: ("MACP_MAX_PAYLOAD_BYTES", "1024"));
        await using var client = Connect(server, "agent://a");
        var session = await StartAsync(client);

        var refused = await Assert.ThrowsAsync<MacpNackException>(() => session.ProposeAsync(proposalId: "p", option: new string('x', 2000)));
        await session.ProposeAsync(proposalId: "p", option: new string('x', 900));

        Assert.Equal("PAYLOAD_TOO_LARGE", refused.Code.Value);
    }

    [Fact]
    public async Task The_rate_limits_are_those_of_the_environment_and_count_each_sender_for_itself()
    {
        await using var server = await MacpProcess.ServeAsync("--dev --listen 127.0.0.1:0", ("MACP_SESSION_START_LIMIT_PER_MINUTE", "2"), ("MACP_MESSAGE_LIMIT_PER_MINUTE", "1"));
        await using var ann = Connect(server, "agent://a");
        await using var bob = Connect(server, "agent://b");
        await StartAsync(ann);
        var session = await StartAsync(ann);

        var third = await Assert.ThrowsAsync<MacpNackException>(() => StartAsync(ann));
        await StartAsync(bob);
        await session.ProposeAsync(proposalId: "p", option: "x");
        var second = await Assert.ThrowsAsync<MacpNackException>(() => session.ProposeAsync(proposalId: "q", option: "x"));

        Assert.Equal(["RATE_LIMITED", "RATE_LIMITED"], [third.Code.Value, second.Code.Value]);
    }

    internal static MacpClient Connect(MacpProcess server, string sender) => new(new() { Endpoint = server.Endpoint, AllowInsecure = true, Auth = MacpAuth.DevAgent(sender) });

    internal static async Task<DecisionSession> StartAsync(MacpClient client)
    {
        var session = new DecisionSession(client);
        await session.StartAsync(new() { Intent = "test", Participants = [client.Auth!.Sender!], TimeToLive = TimeSpan.FromMinutes(1) });
        return session;
    }
}
