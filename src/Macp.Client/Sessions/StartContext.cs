using System.Text.Json;
using Google.Protobuf;

namespace Macp.Client;

/// <summary>A session's context as bytes: of a text its UTF-8, of JSON its text.</summary>
/// <param name="Data">The bytes.</param>
public readonly record struct StartContext(ByteString Data)
{
    /// <summary>A text.</summary>
    public static implicit operator StartContext(string text) => new(ByteString.CopyFromUtf8(text));

    /// <summary>Bytes.</summary>
    public static implicit operator StartContext(ByteString data) => new(data);

    /// <summary>Bytes; they are copied.</summary>
    public static implicit operator StartContext(byte[] data) => new(ByteString.CopyFrom(data));

    /// <summary>JSON, as it was written.</summary>
    public static implicit operator StartContext(JsonElement json) => new(ByteString.CopyFromUtf8(json.GetRawText()));
}
