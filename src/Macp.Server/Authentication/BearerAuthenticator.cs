using Macp.Grpc;
using Macp.Runtime;
using Macp.Server.Telemetry;

namespace Macp.Server.Authentication;

/// <summary>
/// Takes bearer tokens (runtime-semantics 7.1): what has the shape of a JWT is one where JWTs are configured, whatever comes of it; everything else is looked
/// for among the tokens.
/// </summary>
sealed class BearerAuthenticator(JwtIdentities? jwt, ITokenSource? tokens, SecurityLog log) : IAuthenticator
{
    public ValueTask<Identity?> AuthenticateAsync(GrpcServerCall call)
    {
        // Nothing is wrong about calls that come without one: some methods need none.
        if (Credential.Of(call, out bool isBearer) is not { Length: > 0 } token) return default;
        if (jwt is not null && isBearer && JwtVerifier.IsShaped(token))
        {
            var verdict = jwt.IdentifyAsync(token, call);
            return verdict.IsCompletedSuccessfully ? new(Told(verdict.Result, call)) : AwaitedAsync(verdict, call);
        }
        if (tokens is null) return new(Told(TokenVerdict.Refused("it is not a JWT"), call));
        var identity = tokens.FindAsync(token, call);
        return identity.IsCompletedSuccessfully ? new(Told(Verdict(identity.Result), call)) : AwaitedAsync(identity, call);
    }

    async ValueTask<Identity?> AwaitedAsync(ValueTask<TokenVerdict> verdict, GrpcServerCall call) => Told(await verdict.ConfigureAwait(false), call);

    async ValueTask<Identity?> AwaitedAsync(ValueTask<Identity?> identity, GrpcServerCall call) => Told(Verdict(await identity.ConfigureAwait(false)), call);

    static TokenVerdict Verdict(Identity? identity) => identity is null ? TokenVerdict.Refused("it is nobody's") : TokenVerdict.Taken(identity);

    Identity? Told(TokenVerdict verdict, GrpcServerCall call)
    {
        if (verdict.Fault is { } fault) log.RefusedCredential(call.Peer, fault);
        return verdict.Identity;
    }
}
