using Macp.Grpc;
using Macp.Runtime;

namespace Macp.Server.Authentication;

/// <summary>For development only: whatever token a caller brings is its name.</summary>
sealed class DevelopmentAuthenticator : IAuthenticator
{
    public ValueTask<Identity?> AuthenticateAsync(GrpcServerCall call) =>
        new(Credential.Of(call) is { Length: > 0 } name ? new Identity(name) { CanManageModeRegistry = true } : null);
}
