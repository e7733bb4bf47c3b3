using Macp.Grpc;
using Macp.Runtime;

namespace Macp.Server.Authentication;

/// <summary>Knows whose a bearer token is. Register one to keep tokens elsewhere than in a file or variable, and they are not read from there.</summary>
public interface ITokenSource
{
    /// <summary>Whose the token is, and what that one may do; null when it is nobody's.</summary>
    /// <param name="token">The token as the caller sent it. It belongs in no log.</param>
    /// <param name="call">The call that it came with.</param>
    ValueTask<Identity?> FindAsync(string token, GrpcServerCall call);
}
