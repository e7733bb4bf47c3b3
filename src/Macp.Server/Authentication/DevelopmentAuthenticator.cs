using System.Net;
using Macp.Grpc;
using Macp.Runtime;

namespace Macp.Server.Authentication;

/// <summary>For development only: whatever token a caller brings is its name.</summary>
/// <param name="anywhere">True to take callers from other machines too, wherever the application listens.</param>
sealed class DevelopmentAuthenticator(bool anywhere) : IAuthenticator
{
    /// <summary>Whether callers of other machines are taken too.</summary>
    public bool IsForAll => anywhere;

    public ValueTask<Identity?> AuthenticateAsync(GrpcServerCall call) =>
        new(Credential.Of(call) is { Length: > 0 } name && IsWelcome(call) ? new Identity(name) { CanManageModeRegistry = true } : null);

    // A transport without addresses, such as a test's, does not leave the machine.
    bool IsWelcome(GrpcServerCall call) => anywhere || call.HttpContext.Connection.RemoteIpAddress is not { } address || IPAddress.IsLoopback(address);
}
