using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Macp.Protocol;
using Macp.Runtime;
using Macp.Testing;
using Macp.Wire.V1;

namespace Macp.Conformance.Tests;

/// <summary>A fixture as it is told to a kernel, without a wire between: the start, and every message with what is expected of it.</summary>
sealed class ToldFixture(Fixture fixture)
{
    public const string SessionId = "session-0000000000000000";

    /// <summary>The messages, the start first, each with what it is to be answered; a refusal without a code may have any.</summary>
    public IReadOnlyList<(Envelope Envelope, bool Accepted, string? ErrorCode)> Messages { get; } =
    [
        (Envelope(fixture, "m0", fixture.Initiator, MessageTypes.SessionStart, StartOf(fixture).ToByteString()), true, null),
        .. fixture.Messages.Select((m, i) => (Envelope(fixture, $"m{i + 1}", m.Sender, m.MessageType, Encode(fixture.Mode, m)), m.Accepted, m.ErrorCode)),
    ];

    /// <summary>The policy that it brings, registered, and no limits.</summary>
    public MacpRuntimeOptions Options { get; } = new()
    {
        Policies = fixture.Policy is { } policy ? [policy] : [],
        SessionStartLimitPerMinute = int.MaxValue,
        MessageLimitPerMinute = int.MaxValue,
    };

    /// <summary>Sends one of the messages, which is answered as the fixture says.</summary>
    public async Task<Ack> TellAsync(MacpRuntime runtime, int index)
    {
        var (envelope, accepted, code) = Messages[index];
        var ack = await runtime.SendAsync(new(envelope.Sender), envelope.Clone());
        Assert.Equal((index, accepted, accepted ? null : code ?? ack.Error?.Code), (index, ack.Ok, ack.Error?.Code));
        return ack;
    }

    /// <summary>What is in the history now, annotations included.</summary>
    public static async Task<IReadOnlyList<HistoryRecord>> ReadAsync(MacpRuntime runtime)
    {
        Assert.True((await runtime.SubscribeAsync(new("onlooker") { IsObserver = true }, SessionId, 0, includeAnnotations: true)).Succeeded(out var cursor, out _));
        var history = new List<HistoryRecord>();
        while (await cursor.HasMoreNowAsync())
            while (cursor.TryRead(out var record)) history.Add(record);
        return history;
    }

    static SessionStartPayload StartOf(Fixture fixture) => new()
    {
        Participants = { fixture.Participants },
        ModeVersion = fixture.ModeVersion,
        ConfigurationVersion = fixture.ConfigurationVersion,
        PolicyVersion = fixture.PolicyVersion,
        TtlMs = fixture.TtlMs,
    };

    static Envelope Envelope(Fixture fixture, string id, string sender, string type, ByteString payload) => new()
    {
        MacpVersion = "1.0",
        Mode = fixture.Mode,
        MessageType = type,
        MessageId = id,
        SessionId = SessionId,
        Sender = sender,
        // A session lives from its start's timestamp; that of other messages is only kept.
        TimestampUnixMs = type == MessageTypes.SessionStart ? 0 : 1_234_567,
        Payload = payload,
    };

    // Fixtures write bytes as text or as a list of numbers, protobuf's JSON as base64.
    static ByteString Encode(string mode, FixtureMessage message)
    {
        var type = BuiltIns.Catalog().All.Where(hosted => hosted.Descriptor.Identifier == mode).SelectMany(hosted => hosted.Descriptor.AllMessageTypes.Select(hosted.Descriptor.PayloadOf))
            .FirstOrDefault(payload => payload!.FullName == message.PayloadType) ?? SignalPayload.Descriptor;
        var json = message.Payload.DeepClone().AsObject();
        foreach (var field in type.Fields.InDeclarationOrder().Where(field => field.FieldType is FieldType.Bytes && json.ContainsKey(field.Name)))
            json[field.Name] = Convert.ToBase64String(json[field.Name] is JsonArray items ? [.. items.Select(item => item!.GetValue<byte>())] : Encoding.UTF8.GetBytes(json[field.Name]!.GetValue<string>()));
        return new JsonParser(JsonParser.Settings.Default.WithIgnoreUnknownFields(true)).Parse(json.ToJsonString(), type).ToByteString();
    }
}
