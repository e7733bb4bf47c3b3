using Google.Protobuf;
using Macp.Client;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Cli.Live;

/// <summary>Messages as protobuf's own JSON, on one line, by the names of the .proto files. Control characters come out escaped.</summary>
static class WireJson
{
    static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    public static string Of(IMessage message) => Formatter.Format(message);

    /// <summary>The ack of a message.</summary>
    public static string Of(MacpAck ack) => Of(new Ack
    {
        Ok = ack.Ok,
        Duplicate = ack.Duplicate,
        MessageId = ack.MessageId,
        SessionId = ack.SessionId,
        AcceptedAtUnixMs = ack.AcceptedAt?.ToUnixTimeMilliseconds() ?? 0,
        SessionState = ack.State,
        Error = ack.Error is { } error ? Of(error) : null,
    });

    // The reasons of a policy travel as JSON (RFC-MACP-0012 section 7).
    static MACPError Of(MacpError error) => new()
    {
        Code = error.Code.Value,
        Message = error.Message,
        SessionId = error.SessionId,
        MessageId = error.MessageId,
        Details = error.Reasons.Count == 0 ? ByteString.Empty : ByteString.CopyFromUtf8(Reasons(error.Reasons)),
    };

    static string Reasons(IReadOnlyList<string> reasons) =>
        reasons.Aggregate(new CanonicalJson().BeginObject().Key("reasons").BeginArray(), (json, reason) => json.Value(reason)).EndArray().EndObject().ToString();

    /// <summary>An envelope as it travelled, beside it its place in the history, where it has one, and its payload, where somebody can read it.</summary>
    public static string Of(Envelope envelope, ulong? ordinal, string? payload) =>
        $"{{ {(ordinal is null ? "" : $"\"ordinal\": {ordinal}, ")}\"envelope\": {Of(envelope)}{(payload is null ? "" : $", \"payload\": {payload}")} }}";
}
