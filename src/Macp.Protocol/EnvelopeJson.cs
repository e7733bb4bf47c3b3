using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Macp.Wire.V1;

namespace Macp.Protocol;

/// <summary>
/// Envelopes as canonical JSON, both ways (RFC-MACP-0001 section 10, in the form of RFC 8785): the time as RFC 3339, the payload as an object where its type is known
/// and the object says all of it, else as base64 in <c>payload_b64</c>. So nothing is ever lost: what is written reads back as the same envelope, byte by byte.
/// </summary>
public static partial class EnvelopeJson
{
    const string Payload = "payload", PayloadBytes = "payload_b64", Timestamp = "timestamp";

    static readonly string[] Names = ["macp_version", "message_id", "message_type", "mode", Payload, PayloadBytes, "sender", "session_id", Timestamp];

    /// <summary>Writes an envelope.</summary>
    /// <param name="envelope">The envelope.</param>
    /// <param name="payloadType">What its payload is; null where that is not known.</param>
    /// <exception cref="EncoderFallbackException">A text holds half of a surrogate pair, which has no bytes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The timestamp is beyond the years 1 to 9999.</exception>
    public static byte[] ToUtf8(Envelope envelope, MessageDescriptor? payloadType = null)
    {
        var json = new CanonicalJson().BeginObject()
            .Key("macp_version").Value(envelope.MacpVersion)
            .Key("message_id").Value(envelope.MessageId)
            .Key("message_type").Value(envelope.MessageType)
            .Key("mode").Value(envelope.Mode);
        if (Readable(envelope.Payload, payloadType) is { } payload) MessageJson.Write(json.Key(Payload), payload);
        else json.Key(PayloadBytes).Value(envelope.Payload.ToBase64());
        return json
            .Key("sender").Value(envelope.Sender)
            .Key("session_id").Value(envelope.SessionId)
            .Key(Timestamp).Value(Time(envelope.TimestampUnixMs))
            .EndObject().ToUtf8();
    }

    /// <inheritdoc cref="ToUtf8"/>
    public static string ToText(Envelope envelope, MessageDescriptor? payloadType = null) => Encoding.UTF8.GetString(ToUtf8(envelope, payloadType));

    /// <summary>Reads an envelope. Members may stand in any order; one that is missing is empty, but the payload stands in one of its two forms.</summary>
    /// <param name="json">The text: one object, and nothing behind it.</param>
    /// <param name="payloadTypes">The payload's type, by mode and message type; null where it is not known, and then only base64 can be read.</param>
    /// <exception cref="JsonFormException">It is no such JSON; the text names the place.</exception>
    public static Envelope Parse(string json, Func<string, string, MessageDescriptor?>? payloadTypes = null)
    {
        const string Root = "envelope";
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (name, value, at) in JsonInput.Members(JsonInput.Parse(json, Root), Root))
        {
            if (!Names.Contains(name)) throw new JsonFormException(at, $"is no member of an envelope; there are {string.Join(", ", Names)}");
            if (!members.TryAdd(name, value)) throw JsonInput.Twice(at);
        }
        if (members.ContainsKey(Payload) == members.ContainsKey(PayloadBytes)) throw new JsonFormException(Root, $"must have one of {Payload} and {PayloadBytes}");

        var envelope = new Envelope
        {
            MacpVersion = Text("macp_version"),
            Mode = Text("mode"),
            MessageType = Text("message_type"),
            MessageId = Text("message_id"),
            SessionId = Text("session_id"),
            Sender = Text("sender"),
            TimestampUnixMs = members.TryGetValue(Timestamp, out var time) ? Milliseconds(time, $"{Root}.{Timestamp}") : 0,
        };
        envelope.Payload = members.TryGetValue(PayloadBytes, out var bytes)
            ? UnsafeByteOperations.UnsafeWrap(JsonInput.Bytes(bytes, $"{Root}.{PayloadBytes}"))
            : MessageJson.Read(TypeOf(envelope), members[Payload], $"{Root}.{Payload}").ToByteString();
        return envelope;

        string Text(string name) => members.TryGetValue(name, out var value) ? JsonInput.Text(value, $"{Root}.{name}") : "";

        MessageDescriptor TypeOf(Envelope envelope) => payloadTypes?.Invoke(envelope.Mode, envelope.MessageType)
            ?? throw new JsonFormException($"{Root}.{Payload}", $"cannot be read: the payload of '{envelope.MessageType}' in '{envelope.Mode}' is not known here; give it as {PayloadBytes}");
    }

    /// <summary>The payload, where JSON can say all of it: what an older or newer sender wrote otherwise stays as it is.</summary>
    static IMessage? Readable(ByteString payload, MessageDescriptor? type)
    {
        if (type is null || WireShape.Of(type).Check(payload.Span) is not WireFault.None) return null;
        try
        {
            var message = type.Parser.ParseFrom(payload);
            using var written = JsonDocument.Parse(MessageJson.Write(new(), message).ToUtf8());
            return MessageJson.Read(type, written.RootElement).ToByteString().Equals(payload) ? message : null;
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidOperationException or ArgumentOutOfRangeException or JsonException or JsonFormException)
        {
            // A google.protobuf.Any of a type that is not known here, or messages in messages deeper than JSON is read.
            return null;
        }
    }

    static string Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    static long Milliseconds(JsonElement value, string path)
    {
        string text = JsonInput.Text(value, path);
        if (!Rfc3339().IsMatch(text) || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var time))
            throw JsonInput.Misfit(value, path, "a time of RFC 3339, such as 2026-01-31T12:00:00.000Z");
        return time.Ticks % TimeSpan.TicksPerMillisecond == 0 ? time.ToUnixTimeMilliseconds() : throw JsonInput.Misfit(value, path, "a time in whole milliseconds");
    }

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,7})?(Z|[+-][0-9]{2}:[0-9]{2})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Rfc3339();
}
