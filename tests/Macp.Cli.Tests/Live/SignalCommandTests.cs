using System.Text.Json.Nodes;
using Google.Protobuf;
using Macp.Client;
using Macp.Wire.V1;

namespace Macp.Cli.Tests.Live;

/// <summary><c>macp signal send</c> and <c>watch</c>.</summary>
public class SignalCommandTests
{
    static readonly string[] Signal = ["signal", "send", "anomaly", "--data", "fan\n2\u001b[2J", "--confidence", "0.75", "--session", "s-1"];

    [Fact]
    public async Task A_signal_is_sent_with_all_that_was_said_and_heard_as_it_is_sent()
    {
        await using var runtime = await Decisions.HostAsync();
        await using var words = LiveInvocation.Start(runtime.Endpoint, "bob", "signal", "watch");
        await using var json = LiveInvocation.Start(runtime.Endpoint, "bob", "signal", "watch", "--json");

        var (wordsLine, jsonLine) = (words.LineAsync(), json.LineAsync());
        // There is nothing by which a watch of signals tells that it has begun.
        while (!wordsLine.IsCompleted || !jsonLine.IsCompleted)
        {
            var sent = await runtime.RunAsync("ann", Signal);
            Assert.Matches("^accepted  [0-9a-f-]{36}\n$", sent.Output);
            Assert.Equal((0, ""), (sent.Status, sent.Error));
        }

        Assert.Matches("^[0-9T:.-]+Z  ann  Signal  anomaly  confidence 0.75  session s-1  fan 2 \\[2J$", await wordsLine);
        var line = JsonNode.Parse(await jsonLine)!;
        var payload = new SignalPayload { SignalType = "anomaly", Data = ByteString.CopyFromUtf8("fan\n2\u001b[2J"), Confidence = 0.75, CorrelationSessionId = "s-1" };
        var envelope = Envelope.Parser.ParseJson(line["envelope"]!.ToJsonString());
        Assert.Equal(("ann", "Signal", payload), (envelope.Sender, envelope.MessageType, SignalPayload.Parser.ParseFrom(envelope.Payload)));
        Assert.Equal(payload, SignalPayload.Parser.ParseJson(line["payload"]!.ToJsonString()));
        Assert.Equal((0, ""), await words.InterruptAsync() is var ended ? (ended.Status, ended.Error) : default);
    }

    [Fact]
    public async Task Scripts_get_the_ack_as_an_object()
    {
        await using var runtime = await Decisions.HostAsync();
        var sent = await runtime.RunAsync("ann", "signal", "send", "anomaly", "--json");
        var ack = Ack.Parser.ParseJson(Assert.Single(sent.Lines));
        Assert.Equal((true, SessionState.Open, ""), (ack.Ok, ack.SessionState, sent.Error));
        Assert.NotEmpty(ack.MessageId);
        Assert.True(ack.AcceptedAtUnixMs > 0);
    }

    [Fact]
    public async Task Whatever_is_heard_has_its_line()
    {
        await using var runtime = await FakeRuntime.StartAsync();
        var bytes = ByteString.CopyFrom(0xff, 0xfe);
        Envelope[] envelopes =
        [
            new() { Sender = "ann", MessageType = "Signal", Payload = new SignalPayload { SignalType = "calm" }.ToByteString() },
            new() { Sender = "ann", MessageType = "Signal", Payload = new SignalPayload { SignalType = "raw", Data = bytes }.ToByteString() },
            new() { Sender = "ann", MessageType = "Progress", Payload = new ProgressPayload { ProgressToken = "build", Progress = 1.5, Total = 3, Message = "half" }.ToByteString() },
            new() { Sender = "eve\nforged", MessageType = "Signal", Payload = bytes },
            new() { Sender = "ann", MessageType = "Other", Payload = bytes },
        ];
        runtime.OnWatchSignals = async responses =>
        {
            foreach (var envelope in envelopes) await responses.WriteAsync(new() { Envelope = envelope });
        };

        var words = await Decisions.RunAsync(runtime.Endpoint, "bob", "signal", "watch");
        var json = await Decisions.RunAsync(runtime.Endpoint, "bob", "signal", "watch", "--json");

        Assert.Equal(
            [
                "-  ann  Signal  calm", "-  ann  Signal  raw  //4=", "-  ann  Progress  build  1.5 of 3  half", "-  eve forged  Signal  //4=", "-  ann  Other  //4=",
            ],
            words.Lines);
        Assert.Equal(envelopes, json.Lines.Select(line => Envelope.Parser.ParseJson(JsonNode.Parse(line)!["envelope"]!.ToJsonString())));
        Assert.Equal([true, true, true, false, false], json.Lines.Select(line => JsonNode.Parse(line)!["payload"] is not null));
    }

    [Fact]
    public async Task A_runtime_that_stops_ends_the_watch_with_a_complaint()
    {
        var runtime = await Decisions.HostAsync();
        await using var watch = LiveInvocation.Start(runtime.Endpoint, "bob", "signal", "watch");
        var line = watch.LineAsync();
        var ann = runtime.Connect("ann");
        while (!line.IsCompleted) await ann.SendSignalAsync(new MacpSignal("calm"));

        await runtime.DisposeAsync();
        var ended = await watch.EndAsync();

        Assert.Equal(1, ended.Status);
        Assert.Contains(" cannot be reached, or has stopped: ", ended.Error, StringComparison.Ordinal);
    }
}
