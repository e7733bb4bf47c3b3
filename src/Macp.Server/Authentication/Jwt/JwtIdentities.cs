using Macp.Grpc;
using Macp.Runtime;

namespace Macp.Server.Authentication;

/// <summary>Whose a JWT is: by the verifier and the issuer's keys, and for one that was verified before, by memory.</summary>
sealed class JwtIdentities(JwtVerifier verifier, IssuerKeys issuer, TimeProvider time)
{
    readonly VerifiedTokens _verified = new(generation: 8 * 1024);

    /// <summary>Whose the token is, or what is wrong with it. It waits for nothing where the key is known.</summary>
    /// <param name="token">The token.</param>
    /// <param name="call">The call that waits, and may be given up; null for one that is not.</param>
    public ValueTask<TokenVerdict> IdentifyAsync(string token, GrpcServerCall? call = null)
    {
        var keys = issuer.Current;
        // Hashing what is too large would be the flood's work.
        if (keys is not null && !JwtVerifier.IsOversized(token) && Remembered(TokenDigest.Of(token), keys) is { } identity) return new(TokenVerdict.Taken(identity));
        if (verifier.Read(token, time.GetUtcNow(), out var claims) is { } fault) return new(TokenVerdict.Refused(fault));
        return keys is not null && keys.Knows(claims!.KeyId) ? new(Verify(token, claims, keys)) : new(ReadAgainAsync(token, claims!, call?.CancellationToken ?? CancellationToken.None));
    }

    async Task<TokenVerdict> ReadAgainAsync(string token, JwtClaims claims, CancellationToken cancellationToken)
    {
        if (await issuer.AgainAsync(cancellationToken).ConfigureAwait(false) is not { } keys) return TokenVerdict.Refused("the issuer's keys cannot be read");
        return keys.Knows(claims.KeyId) ? Verify(token, claims, keys) : TokenVerdict.Refused("its key is not one of the issuer's");
    }

    TokenVerdict Verify(string token, JwtClaims claims, JsonWebKeySet keys)
    {
        if (!keys.Verifies(claims)) return TokenVerdict.Refused("no key of the issuer's verifies its signature");
        _verified.Remember(TokenDigest.Of(token), new(claims.Identity, claims.Expires, keys));
        return TokenVerdict.Taken(claims.Identity);
    }

    Identity? Remembered(TokenDigest token, JsonWebKeySet keys) =>
        _verified.TryFind(token, out var known) && known.Keys == keys && !JwtVerifier.HasExpired(known.Expires, time.GetUtcNow()) ? known.Identity : null;
}
