using System.Text.Json;
using Google.Protobuf;
using Macp.Client;

namespace Macp.Agents;

/// <summary>How a shape of the bootstrap file spells what an initiator begins with.</summary>
sealed record InitiatorKeys(
    string SessionStart, string TtlMs, string MaxSuspendMs, string ContextId, string ModeVersion, string ConfigurationVersion, string PolicyVersion, string MessageType, string PayloadType)
{
    public static readonly InitiatorKeys Flat =
        new("session_start", "ttl_ms", "max_suspend_ms", "context_id", "mode_version", "configuration_version", "policy_version", "message_type", "payload_type");

    public static readonly InitiatorKeys Nested =
        new("sessionStart", "ttlMs", "maxSuspendMs", "contextId", "modeVersion", "configurationVersion", "policyVersion", "messageType", "payloadType");
}

/// <summary>Reads what an initiator begins with.</summary>
static class InitiatorReader
{
    public static InitiatorOptions? Read(JsonSection? initiator, JsonSection? start, InitiatorKeys keys)
    {
        if (initiator is null || start is null) return null;
        var options = new InitiatorOptions { Start = Start(start, keys), Kickoff = initiator.Section("kickoff") is { } kickoff ? Begin(kickoff, keys) : null };
        start.Close();
        initiator.Close();
        return options;
    }

    static SessionStartOptions Start(JsonSection start, InitiatorKeys keys) => new()
    {
        Intent = start.RequiredText("intent"),
        Participants = start.Texts("participants") ?? throw start.Wrong("participants", "is missing"),
        TimeToLive = Milliseconds(start, keys.TtlMs) ?? throw start.Wrong(keys.TtlMs, "is missing"),
        MaxSuspend = Milliseconds(start, keys.MaxSuspendMs),
        ContextId = start.Text(keys.ContextId) ?? "",
        Context = start.Any("context") is not { } context ? null : context.ValueKind is JsonValueKind.String ? context.GetString()! : context,
        Extensions = start.Section("extensions") is { } extensions ? extensions.Entries().ToDictionary(entry => entry.Key, entry => Extension(extensions, entry.Key, entry.Value)) : null,
        Roots = [.. start.Sections("roots").Select(Root)],
    };

    // The sections of the field's own files guess; a guess corrupts what looks like something else (BS-04). Here the writer says which it is.
    static ByteString Extension(JsonSection extensions, string key, JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.String) return ByteString.CopyFromUtf8(value.GetString()!);
        if (value.ValueKind is JsonValueKind.Object && value.EnumerateObject().Count() == 1)
        {
            if (value.TryGetProperty("json", out var json)) return ByteString.CopyFromUtf8(json.GetRawText());
            if (value.TryGetProperty("base64", out var bytes)) return Bytes(bytes) ?? throw extensions.Wrong(key + ".base64", "must be base64");
        }
        throw extensions.Wrong(key, """must be a text, {"base64": "..."} or {"json": ...}""");
    }

    static Kickoff Begin(JsonSection kickoff, InitiatorKeys keys)
    {
        kickoff.Ignore(keys.PayloadType); // the mode says it
        string type = kickoff.RequiredText(keys.MessageType);
        var payload = kickoff.Any("payload") ?? throw kickoff.Wrong("payload", "is missing");
        var made = payload.ValueKind is JsonValueKind.Object ? Kickoff.OfJson(type, payload)
            : Bytes(payload) is { } bytes ? Kickoff.OfBytes(type, bytes) : throw kickoff.Wrong("payload", "must be an object, or the encoded message in base64");
        kickoff.Close();
        return made;
    }

    static MacpRoot Root(JsonSection root)
    {
        var made = new MacpRoot(root.RequiredText("uri"), root.Text("name") ?? "");
        root.Close();
        return made;
    }

    static TimeSpan? Milliseconds(JsonSection section, string key) => section.Number(key) is not { } number ? null
        : number is >= 0 and <= 1000L * 86_400_000 ? TimeSpan.FromMilliseconds(number) : throw section.Wrong(key, "must be a number of milliseconds");

    static ByteString? Bytes(JsonElement value)
    {
        if (value.ValueKind is not JsonValueKind.String) return null;
        byte[] buffer = new byte[value.GetString()!.Length];
        return Convert.TryFromBase64String(value.GetString()!, buffer, out int length) ? ByteString.CopyFrom(buffer, 0, length) : null;
    }
}
