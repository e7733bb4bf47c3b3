using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Macp.Grpc.Server;

/// <summary>Kestrel counts both of its limits over the whole life of a request: 30 MB, and 240 bytes a second. Here a message has a limit, not a request.</summary>
static class BodyLimits
{
    /// <summary>The size is that of the messages: each is judged by its prefix, before anything is buffered for it.</summary>
    public static void LiftSize(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
    }

    /// <summary>A stream may fall silent.</summary>
    public static void LiftRate(HttpContext context)
    {
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate) rate.MinDataRate = null;
    }
}
