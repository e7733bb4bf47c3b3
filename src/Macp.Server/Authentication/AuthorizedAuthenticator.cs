using Macp.Grpc;
using Macp.Runtime;

namespace Macp.Server.Authentication;

/// <summary>An authenticator whose identities an authorizer has the last word about.</summary>
sealed class AuthorizedAuthenticator(IAuthenticator authenticator, IAuthorizer authorizer) : IAuthenticator
{
    public async ValueTask<Identity?> AuthenticateAsync(GrpcServerCall call) =>
        await authenticator.AuthenticateAsync(call).ConfigureAwait(false) is { } identity ? await authorizer.AuthorizeAsync(identity, call).ConfigureAwait(false) : null;
}
