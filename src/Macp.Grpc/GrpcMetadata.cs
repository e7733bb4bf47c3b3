using System.Buffers;
using System.Collections;
using Macp.Grpc.Wire;

namespace Macp.Grpc;

/// <summary>
/// Custom metadata: what callers and handlers send beside their messages, as HTTP/2 headers or trailers. Keys are case-insensitive and
/// kept in lower case; a key may occur more than once; the order is kept. Not safe for concurrent changes.
/// </summary>
public sealed class GrpcMetadata : IReadOnlyCollection<GrpcMetadataEntry>
{
    // Custom-Metadata, Header-Name and ASCII-Value of the gRPC-over-HTTP2 specification.
    static readonly SearchValues<char> s_keyCharacters = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyz_-.");

    readonly List<GrpcMetadataEntry> _entries = [];

    /// <summary>The number of entries.</summary>
    public int Count => _entries.Count;

    /// <summary>Adds text.</summary>
    /// <param name="key">Letters, digits, <c>_</c>, <c>-</c> and <c>.</c>; not ending in <c>-bin</c>, not a name gRPC or HTTP/2 keeps for itself.</param>
    /// <param name="value">Printable ASCII, spaces included.</param>
    /// <exception cref="ArgumentException">The key or the value cannot travel.</exception>
    public void Add(string key, string value)
    {
        var name = Checked(key);
        if (MetadataHeaders.IsBinary(name)) throw new ArgumentException($"'{name}' ends in -bin, so its value is bytes.", nameof(key));
        if (value.AsSpan().ContainsAnyExceptInRange(' ', '~')) throw new ArgumentException($"The value of '{name}' is not printable ASCII.", nameof(value));

        _entries.Add(new(name, value));
    }

    /// <summary>Adds bytes. They travel as base64.</summary>
    /// <param name="key">As for text, but ending in <c>-bin</c>.</param>
    /// <param name="value">Any bytes; they are not copied.</param>
    /// <exception cref="ArgumentException">The key cannot travel.</exception>
    public void Add(string key, byte[] value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var name = Checked(key);
        if (!MetadataHeaders.IsBinary(name)) throw new ArgumentException($"'{name}' does not end in -bin, so its value is text.", nameof(key));

        _entries.Add(new(name, value));
    }

    /// <summary>The last entry's text under a key (base64 for a binary one), or null.</summary>
    public string? Get(string key) => Find(key)?.Value;

    /// <summary>The last entry's bytes under a key, or null.</summary>
    public byte[]? GetBytes(string key) => Find(key)?.Bytes;

    /// <summary>Every entry under a key, in order.</summary>
    public IEnumerable<GrpcMetadataEntry> GetAll(string key) =>
        _entries.Where(entry => entry.Key.Equals(key, StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc/>
    public IEnumerator<GrpcMetadataEntry> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Adds what came from the wire, which is not ours to refuse.</summary>
    internal void AddReceived(GrpcMetadataEntry entry) => _entries.Add(entry);

    GrpcMetadataEntry? Find(string key)
    {
        for (int i = _entries.Count - 1; i >= 0; i--)
            if (_entries[i].Key.Equals(key, StringComparison.OrdinalIgnoreCase)) return _entries[i];
        return null;
    }

    static string Checked(string key)
    {
        var name = key.ToLowerInvariant();
        if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(s_keyCharacters))
            throw new ArgumentException($"'{key}' is not a metadata key: letters, digits, '_', '-' and '.' only.", nameof(key));
        if (MetadataHeaders.IsReserved(name)) throw new ArgumentException($"'{key}' is reserved to gRPC and HTTP/2.", nameof(key));
        return name;
    }
}
