namespace Macp.Grpc.Wire;

/// <summary>The header names and values of gRPC-over-HTTP2.</summary>
static class HeaderName
{
    public const string Status = "grpc-status";
    public const string Message = "grpc-message";
    public const string Timeout = "grpc-timeout";
    public const string AcceptEncoding = "grpc-accept-encoding";

    public const string GrpcContentType = "application/grpc";

    /// <summary>
    /// True for <c>application/grpc</c> with or without <c>+proto</c> and parameters. Not for <c>application/grpc-web</c>, whose
    /// trailers stand in the body, nor for other serialisations.
    /// </summary>
    public static bool IsGrpc(ReadOnlySpan<char> contentType)
    {
        if (!contentType.StartsWith(GrpcContentType, StringComparison.OrdinalIgnoreCase)) return false;
        var rest = contentType[GrpcContentType.Length..];
        if (rest.StartsWith("+proto", StringComparison.OrdinalIgnoreCase)) rest = rest["+proto".Length..];
        return rest.IsEmpty || rest[0] is ';' or ' ';
    }
}
