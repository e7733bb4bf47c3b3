using System.Net;
using System.Net.Sockets;
using Macp.Grpc;
using Macp.Modes;
using Macp.Modes.Standard;
using Macp.Runtime;
using Macp.Server;
using Macp.Server.Authentication;
using Macp.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Macp.Cli.Tests.Live;

/// <summary>Which runtime, as whom, and what is told when that does not work out.</summary>
public class RuntimeAccessTests
{
    const string Unknown = "00000000-0000-4000-8000-000000000000";

    public static TheoryData<string> Commands => [.. Live];

    static string[] Live => ["sessions list", $"sessions show {Unknown}", "sessions watch", $"sessions tail {Unknown}", "signal send calm", "signal watch", "policy list", "policy get p", "policy unregister p", "policy watch"];

    [Fact]
    public async Task Without_a_credential_nothing_is_asked_and_the_way_out_is_named()
    {
        const string Complaint = "macp: a credential is needed: say --token TOKEN or set MACP_TOKEN; a server with --dev takes any name\n";

        foreach (string command in Live) Assert.Equal(new Invocation(2, "", Complaint), await MacpProcess.Start(command).EndAsync());
        Assert.Equal(new Invocation(2, "", Complaint), await Invocation.OfAsync("sessions", "list", "--token", ""));
    }

    [Fact]
    public async Task The_variables_say_what_the_options_do_not()
    {
        await using var runtime = await Decisions.HostAsync();
        var session = await runtime.StartAsync("ann", "ann");
        (string, string)[] variables = [("MACP_ENDPOINT", runtime.Endpoint.Authority), ("MACP_TOKEN", "ann")];

        Assert.Contains(session.SessionId, (await MacpProcess.Start("sessions list", variables).EndAsync()).Output, StringComparison.Ordinal);
        Assert.DoesNotContain(session.SessionId, (await MacpProcess.Start("sessions list --token eve", variables).EndAsync()).Output, StringComparison.Ordinal);
        Assert.Contains(session.SessionId, (await MacpProcess.Start($"sessions --endpoint {runtime.Endpoint.Authority} list", ("MACP_ENDPOINT", "no endpoint"), ("MACP_TOKEN", "ann")).EndAsync()).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_that_is_none_is_wrong_usage_wherever_it_stands()
    {
        Assert.Equal(
            new Invocation(2, "", "macp: MACP_ENDPOINT must be a URL such as http://127.0.0.1:50051; it is 'ftp://x'\n"),
            await MacpProcess.Start("sessions list", ("MACP_ENDPOINT", "ftp://x"), ("MACP_TOKEN", "ann")).EndAsync());
        Assert.Equal(
            new Invocation(2, "", "macp: --endpoint must be a URL such as http://127.0.0.1:50051; it is ':::'\nmacp: 'macp signal watch --help' lists what there is\n"),
            await Invocation.OfAsync("signal", "watch", "--endpoint", ":::", "--token", "ann"));
    }

    [Fact]
    public async Task A_token_that_cannot_travel_is_wrong_usage_and_not_repeated()
    {
        var wrong = await Invocation.OfAsync("sessions", "list", "--token", "s\u00e9cret");

        Assert.Equal((2, ""), (wrong.Status, wrong.Output));
        Assert.StartsWith("macp: A token must be printable ASCII", wrong.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("cret", wrong.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_runtime_that_is_not_there_is_told_with_its_address(string command)
    {
        using var taken = new Socket(SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // bound and not listening: nobody else gets the port, and nobody answers
        string endpoint = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndPoint!).Port}";

        var failed = await Decisions.RunAsync(new Uri(endpoint), "ann", command.Split(' '));

        Assert.Equal((1, ""), (failed.Status, failed.Output));
        Assert.Matches($"^macp: the runtime at {endpoint} cannot be reached, or has stopped: .+\n$", failed.Error);
    }

    [Theory]
    [InlineData("http://ann:secret@127.0.0.1:50051")]
    [InlineData("http://127.0.0.1:50051/path")]
    [InlineData("127.0.0.1:50051?query=1")]
    [InlineData("http://127.0.0.1:50051#fragment")]
    public async Task An_endpoint_is_no_more_than_an_address_and_a_password_in_it_is_not_repeated(string endpoint)
    {
        var refused = await Invocation.OfAsync("sessions", "list", "--endpoint", endpoint, "--token", "ann");

        Assert.Equal((2, ""), (refused.Status, refused.Output));
        Assert.StartsWith("macp: --endpoint must be a URL such as http://127.0.0.1:50051; it ", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_credential_that_the_runtime_does_not_know_is_told(string command)
    {
        await using var host = await MacpHost.StartAsync(new ModeCatalog().Add<DecisionMode>(), new() { Listen = new(IPAddress.Loopback, 0), AllowInsecure = true },
            services => services.AddSingleton<IAuthenticator, Nobody>());

        var failed = await Decisions.RunAsync(host.Address, "ann", command.Split(' '));

        Assert.Equal((1, ""), (failed.Status, failed.Output));
        Assert.Matches(
            command.StartsWith("signal send", StringComparison.Ordinal) ? "^macp: refused: UNAUTHENTICATED: .+\n$" : $"^macp: the runtime at {host.Address.GetLeftPart(UriPartial.Authority)} does not take this credential: .+\n$",
            failed.Error);
    }

    [Theory]
    [InlineData("show"), InlineData("tail")]
    public async Task Sessions_that_are_not_there_or_not_for_the_caller_are_told(string command)
    {
        await using var runtime = await Decisions.HostAsync();
        var session = await runtime.StartAsync("ann", "ann");

        var unknown = await runtime.RunAsync("ann", "sessions", command, Unknown);
        var outsider = await runtime.RunAsync("eve", "sessions", command, session.SessionId);

        Assert.Equal((1, "", 1, ""), (unknown.Status, unknown.Output, outsider.Status, outsider.Output));
        Assert.Matches($"^macp: not found: .*{Unknown}.*\n$", unknown.Error);
        Assert.StartsWith("macp: this credential is not enough: ", outsider.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signal_that_no_runtime_takes_is_not_sent()
    {
        Assert.Equal(new Invocation(2, "", "macp: INVALID_ENVELOPE: signal_type must not be blank\n"), await Invocation.OfAsync("signal", "send", " ", "--token", "ann"));
    }

    [Fact]
    public async Task What_is_too_much_for_the_runtime_is_told_as_that()
    {
        await using var runtime = await TestRuntime.StartAsync(modes => modes.Add<DecisionMode>(), options: new() { MaxPayloadBytes = 1024 });

        var refused = await runtime.RunAsync("ann", "signal", "send", "anomaly", "--data", new string('x', 80 * 1024));

        Assert.Equal((1, ""), (refused.Status, refused.Output));
        Assert.StartsWith($"macp: more than the runtime at {runtime.Endpoint.GetLeftPart(UriPartial.Authority)} takes: ", refused.Error, StringComparison.Ordinal);
    }

    sealed class Nobody : IAuthenticator
    {
        public ValueTask<Identity?> AuthenticateAsync(GrpcServerCall call) => new((Identity?)null);
    }
}
