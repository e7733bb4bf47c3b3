using System.Text;

namespace Macp.Grpc;

/// <summary>One entry of <see cref="GrpcMetadata"/>: a lower-case key with either text or bytes.</summary>
public readonly struct GrpcMetadataEntry
{
    readonly object _value;

    internal GrpcMetadataEntry(string key, object value) => (Key, _value) = (key, value);

    /// <summary>The key, in lower case. A binary entry's key ends in <c>-bin</c>.</summary>
    public string Key { get; }

    /// <summary>True when the entry holds bytes.</summary>
    public bool IsBinary => _value is byte[];

    /// <summary>The text; for a binary entry its unpadded base64, as it travels.</summary>
    public string Value => _value as string ?? Convert.ToBase64String((byte[])_value).TrimEnd('=');

    /// <summary>The bytes; for a text entry its ASCII bytes.</summary>
    public byte[] Bytes => _value as byte[] ?? Encoding.ASCII.GetBytes((string)_value);

    /// <inheritdoc/>
    public override string ToString() => $"{Key}: {Value}";
}
