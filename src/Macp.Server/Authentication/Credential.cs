using Macp.Grpc;

namespace Macp.Server.Authentication;

/// <summary>Where a credential stands in a call's metadata.</summary>
static class Credential
{
    const string Scheme = "Bearer ";

    /// <summary>The token of <c>authorization: Bearer ...</c>, whose scheme is compared exactly, else that of <c>x-macp-token</c>; null without either.</summary>
    public static string? Of(GrpcServerCall call) => Of(call, out _);

    /// <param name="call">The call.</param>
    /// <param name="isBearer">Whether it is that of <c>authorization</c>, where alone a JWT may stand.</param>
    public static string? Of(GrpcServerCall call, out bool isBearer)
    {
        string? authorization = call.Header("authorization");
        isBearer = authorization is not null && authorization.StartsWith(Scheme, StringComparison.Ordinal);
        return isBearer ? authorization![Scheme.Length..] : call.Header("x-macp-token");
    }
}
