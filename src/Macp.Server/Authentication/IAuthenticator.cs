using Macp.Grpc;
using Macp.Runtime;

namespace Macp.Server.Authentication;

/// <summary>Tells who calls, from the metadata of a call.</summary>
public interface IAuthenticator
{
    /// <summary>The caller's identity; null when the credential is missing or wrong. It does not say which: that would help nobody honest.</summary>
    ValueTask<Identity?> AuthenticateAsync(GrpcServerCall call);
}
