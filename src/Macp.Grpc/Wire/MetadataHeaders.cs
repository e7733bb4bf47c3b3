using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Macp.Grpc.Wire;

/// <summary>Custom metadata to and from HTTP/2 header fields.</summary>
static class MetadataHeaders
{
    public static bool IsBinary(string name) => name.EndsWith("-bin", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Names that are not custom metadata: pseudo-headers, those that HTTP/2 and gRPC define, and those it forbids. The rich error
    /// model's <c>grpc-status-details-bin</c> is an application's, in spite of its prefix.
    /// </summary>
    public static bool IsReserved(string name) =>
        name.StartsWith(':')
        || (name.StartsWith("grpc-", StringComparison.OrdinalIgnoreCase) && !name.Equals("grpc-status-details-bin", StringComparison.OrdinalIgnoreCase))
        || name.ToLowerInvariant() is "content-type" or "content-length" or "te" or "host" or "connection" or "keep-alive"
            or "proxy-connection" or "transfer-encoding" or "upgrade" or "trailer";

    public static void Receive(GrpcMetadata into, string name, string? value)
    {
        if (value is null || IsReserved(name)) return;
        var key = name.ToLowerInvariant();
        if (!IsBinary(key))
        {
            into.AddReceived(new(key, value));
            return;
        }

        // Binary headers may arrive joined by commas, which base64 does not contain.
        foreach (var part in value.Split(','))
            if (DecodeBase64(part.Trim()) is { } bytes) into.AddReceived(new(key, bytes));
    }

    public static GrpcMetadata Received(IHeaderDictionary headers)
    {
        var metadata = new GrpcMetadata();
        foreach (var (name, values) in headers)
            foreach (var value in values) Receive(metadata, name, value);
        return metadata;
    }

    public static GrpcMetadata Received(System.Net.Http.Headers.HttpHeaders headers)
    {
        var metadata = new GrpcMetadata();
        foreach (var (name, values) in headers.NonValidated)
            foreach (var value in values) Receive(metadata, name, value);
        return metadata;
    }

    public static void Send(GrpcMetadata? metadata, IHeaderDictionary headers)
    {
        if (metadata is null) return;
        foreach (var entry in metadata) headers[entry.Key] = StringValues.Concat(headers[entry.Key], entry.Value);
    }

    public static void Send(GrpcMetadata? metadata, System.Net.Http.Headers.HttpHeaders headers)
    {
        if (metadata is null) return;
        foreach (var entry in metadata) headers.TryAddWithoutValidation(entry.Key, entry.Value);
    }

    /// <summary>Receivers accept padded and unpadded base64. Null for what is neither.</summary>
    public static byte[]? DecodeBase64(string text)
    {
        var padded = (text.Length % 4) switch { 2 => text + "==", 3 => text + "=", _ => text };
        var bytes = new byte[padded.Length / 4 * 3];
        return Convert.TryFromBase64String(padded, bytes, out int length) ? bytes[..length] : null;
    }
}
