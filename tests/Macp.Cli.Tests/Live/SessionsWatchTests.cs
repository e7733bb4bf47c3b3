using System.Text;
using Macp.Grpc;
using Macp.Wire.V1;
using EventType = Macp.Wire.V1.SessionLifecycleEvent.Types.EventType;

namespace Macp.Cli.Tests.Live;

/// <summary><c>macp sessions watch</c>.</summary>
public class SessionsWatchTests
{
    [Fact]
    public async Task It_tells_what_is_there_then_what_happens_until_it_is_interrupted()
    {
        await using var runtime = await Decisions.HostAsync();
        var session = await runtime.StartAsync("ann", "ann");
        await using var watch = LiveInvocation.Start(runtime.Endpoint, "ann", "sessions", "watch");

        string there = await watch.LineAsync();
        await session.SuspendAsync();
        await session.ResumeAsync();
        await session.CancelAsync();
        List<string> lines = [there, .. await watch.LinesAsync(3)];

        Assert.Equal(["CREATED", "SUSPENDED", "RESUMED", "CANCELLED"], lines.Select(line => line.Split("  ", StringSplitOptions.TrimEntries)[1]));
        Assert.Matches($"^[0-9T:.-]+Z  CREATED    {session.SessionId}  Open       macp.mode.decision.v1  ann$", there);
        Assert.Equal(new Invocation(0, "", ""), await watch.InterruptAsync());
    }

    [Fact]
    public async Task The_json_is_the_wires_own()
    {
        await using var runtime = await Decisions.HostAsync();
        var session = await runtime.StartAsync("ann", "ann");
        await using var watch = LiveInvocation.Start(runtime.Endpoint, "ann", "sessions", "watch", "--json");
        string there = await watch.LineAsync();
        await session.CancelAsync();

        var events = new[] { there, await watch.LineAsync() }.Select(SessionLifecycleEvent.Parser.ParseJson).ToList();

        Assert.Equal([(EventType.Created, SessionState.Open), (EventType.Cancelled, SessionState.Cancelled)], events.Select(e => (e.EventType, e.Session.State)));
        Assert.All(events, e => Assert.Equal((session.SessionId, true), (e.Session.SessionId, e.ObservedAtUnixMs > 0)));
        Assert.Contains("\"observed_at_unix_ms\"", there, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_runtime_that_stops_ends_it_with_a_complaint()
    {
        var runtime = await Decisions.HostAsync();
        await runtime.StartAsync("ann", "ann");
        string endpoint = runtime.Endpoint.GetLeftPart(UriPartial.Authority);
        await using var watch = LiveInvocation.Start(runtime.Endpoint, "ann", "sessions", "watch");
        await watch.LineAsync();

        await runtime.DisposeAsync();
        var ended = await watch.EndAsync();

        Assert.Equal((1, ""), (ended.Status, ended.Output));
        Assert.StartsWith($"macp: the runtime at {endpoint} cannot be reached, or has stopped: ", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_end_that_nobody_meant_and_a_loss_are_told()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        Assert.Equal(new Invocation(1, "", "macp: the runtime has ended the watch\n"), await Decisions.RunAsync(runtime.Endpoint, "ann", "sessions", "watch"));

        runtime.OnWatchSessions = _ => throw new GrpcException(GrpcStatusCode.ResourceExhausted, "fell\nbehind\u001b[2J");
        var slow = await Decisions.RunAsync(runtime.Endpoint, "ann", "sessions", "watch");

        Assert.Equal((1, ""), (slow.Status, slow.Output));
        Assert.Matches("^macp: too slow for what came, and some of it is lost; start again: [ -~]*fell behind [ -~]*\n$", slow.Error);
    }

    [Fact]
    public async Task What_a_runtime_says_stays_on_its_line()
    {
        await using var runtime = await FakeRuntime.StartAsync(new() { SessionId = "s\nforged", Mode = "m\u001b[2J", Initiator = "a\u0085b" });
        runtime.OnWatchSessions = responses => responses.WriteAsync(new() { Event = new() { EventType = EventType.Created, Session = runtime.Session } }).AsTask();

        Assert.Equal("-  CREATED    s forged  Unspecified  m [2J  a b\n", (await Decisions.RunAsync(runtime.Endpoint, "ann", "sessions", "watch")).Output);
        Assert.Equal(runtime.Session, SessionLifecycleEvent.Parser.ParseJson(Assert.Single((await Decisions.RunAsync(runtime.Endpoint, "ann", "sessions", "watch", "--json")).Lines)).Session);
    }

    [Theory]
    [InlineData('\u2028'), InlineData('\u2029'), InlineData('\u061c'), InlineData('\u200e'), InlineData('\u200f'), InlineData('\u202a'), InlineData('\u202e'), InlineData('\u2066'), InlineData('\u2069')]
    public async Task What_a_runtime_says_is_read_in_its_order(char mark)
    {
        await using var runtime = await FakeRuntime.StartAsync(new() { SessionId = $"s{mark}t", Mode = "m", Initiator = "\u05d0nn" });
        runtime.OnWatchSessions = responses => responses.WriteAsync(new() { Event = new() { EventType = EventType.Created, Session = runtime.Session } }).AsTask();

        Assert.Equal("-  CREATED    s t  Unspecified  m  \u05d0nn\n", (await Decisions.RunAsync(runtime.Endpoint, "ann", "sessions", "watch")).Output);
    }

    [Theory]
    [InlineData(MacpProcess.Interrupt), InlineData(MacpProcess.Terminate)]
    public async Task A_signal_ends_it_with_status_zero(int signal)
    {
        await using var runtime = await Decisions.HostAsync();
        var session = await runtime.StartAsync("ann", "ann");
        await using var watch = MacpProcess.Start("sessions watch", ("MACP_ENDPOINT", runtime.Endpoint.Authority), ("MACP_TOKEN", "ann"));
        Assert.Contains(session.SessionId, await watch.ReadLineAsync(), StringComparison.Ordinal);

        watch.Signal(signal);

        Assert.Equal(new Invocation(0, "", ""), await watch.EndAsync());
    }

    [Fact]
    public async Task It_ends_when_nobody_reads_the_pipe_any_more()
    {
        await using var runtime = await Decisions.HostAsync();
        var session = await runtime.StartAsync("ann", "ann");
        await using var watch = MacpProcess.Start($"sessions watch --endpoint {runtime.Endpoint.Authority} --token ann");
        await watch.ReadLineAsync();

        watch.HangUp();
        await session.CancelAsync();

        Assert.Equal(new Invocation(141, "", ""), await watch.EndAsync());
    }

    [Theory]
    [InlineData("sessions watch", 0), InlineData("sessions list --json", 130)]
    public async Task A_signal_ends_it_also_where_the_pipe_is_full_and_nobody_reads(string command, int status)
    {
        await using var runtime = await Decisions.HostAsync();
        await runtime.StartAsync("ann", "ann");
        await using var pipe = new FullPipe();
        using var signal = new CancellationTokenSource();
        var running = MacpCommand.RunAsync([.. command.Split(' '), "--endpoint", runtime.Endpoint.Authority, "--token", "ann"], null, pipe, new StringWriter(), signal.Token);
        await pipe.Waited.WaitAsync(TimeSpan.FromSeconds(60));

        await signal.CancelAsync();

        Assert.Equal(status, await running.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    sealed class FullPipe : TextWriter
    {
        readonly TaskCompletionSource _waited = new(), _never = new();

        public Task Waited => _waited.Task;

        public override Encoding Encoding => Encoding.UTF8;

        public override Task WriteLineAsync(string? value)
        {
            _waited.SetResult();
            return _never.Task;
        }
    }
}
