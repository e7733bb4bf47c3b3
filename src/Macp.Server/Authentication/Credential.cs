using Macp.Grpc;

namespace Macp.Server.Authentication;

/// <summary>Where a credential stands in a call's metadata.</summary>
static class Credential
{
    const string Scheme = "Bearer ";

    /// <summary>The token of <c>authorization: Bearer ...</c>, whose scheme is compared exactly, else that of <c>x-macp-token</c>; null without either.</summary>
    public static string? Of(GrpcServerCall call) =>
        call.Header("authorization") is { } authorization && authorization.StartsWith(Scheme, StringComparison.Ordinal)
            ? authorization[Scheme.Length..]
            : call.Header("x-macp-token");
}
