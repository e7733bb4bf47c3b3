using Macp.Grpc;
using Macp.Runtime;

namespace Macp.Server.Authentication;

/// <summary>Says what a caller may do, where its credential is not to. Register one to grant by roles of your own, or to refuse.</summary>
public interface IAuthorizer
{
    /// <summary>The identity with what it may do; null to refuse it, as a wrong credential is refused.</summary>
    /// <param name="identity">Who calls, and what the credential grants.</param>
    /// <param name="call">The call.</param>
    ValueTask<Identity?> AuthorizeAsync(Identity identity, GrpcServerCall call);
}
