using System.Globalization;
using Macp.Grpc.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Macp.Grpc.Server;

/// <summary>The header and trailer fields of a response.</summary>
static class ResponseTrailer
{
    // One StringValues each, so that a call allocates none.
    static readonly StringValues s_contentType = HeaderName.GrpcContentType;
    static readonly StringValues s_identity = "identity";
    static readonly StringValues[] s_codes =
        [.. Enumerable.Range(0, 17).Select(code => new StringValues(code.ToString(CultureInfo.InvariantCulture)))];

    /// <summary>The headers that precede messages.</summary>
    public static void WriteHeaders(HttpResponse response, GrpcMetadata? metadata)
    {
        response.Headers.ContentType = s_contentType;
        MetadataHeaders.Send(metadata, response.Headers);
    }

    /// <summary>The status behind messages.</summary>
    public static void Write(HttpContext context, GrpcStatus status, GrpcMetadata? trailers)
    {
        var fields = context.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers;
        WriteStatus(fields, status);
        MetadataHeaders.Send(trailers, fields);
    }

    /// <summary>Trailers-Only: the status as the only block of fields, for a call that fails before its first message.</summary>
    public static void WriteOnly(HttpContext context, GrpcStatus status, GrpcMetadata? trailers)
    {
        var fields = context.Response.Headers;
        fields.ContentType = s_contentType;
        WriteStatus(fields, status);
        // Says what a client may send instead, should a compressed message be why.
        if (status.Code == GrpcStatusCode.Unimplemented) fields[HeaderName.AcceptEncoding] = s_identity;
        MetadataHeaders.Send(trailers, fields);
    }

    static void WriteStatus(IHeaderDictionary fields, GrpcStatus status)
    {
        fields.GrpcStatus = (uint)status.Code < s_codes.Length ? s_codes[(int)status.Code] : s_codes[(int)GrpcStatusCode.Unknown];
        if (status.Detail.Length != 0) fields.GrpcMessage = PercentEncoding.Encode(status.Detail);
    }
}
