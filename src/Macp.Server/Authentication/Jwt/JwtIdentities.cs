using Macp.Grpc;
using Macp.Runtime;

namespace Macp.Server.Authentication;

/// <summary>Whose a JWT is: by the verifier and the issuer's keys, and for one that was verified before, by memory.</summary>
sealed class JwtIdentities(JwtVerifier verifier, IssuerKeys issuer, TimeProvider time)
{
    const int Generation = 8 * 1024;

    readonly Lock _gate = new();
    Dictionary<TokenDigest, Verified> _young = [], _old = [];

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
        Remember(TokenDigest.Of(token), new(claims.Identity, claims.Expires, keys));
        return TokenVerdict.Taken(claims.Identity);
    }

    // By the keys that verified it: what they vouched for ends with them.
    Identity? Remembered(TokenDigest token, JsonWebKeySet keys)
    {
        Verified? known;
        lock (_gate)
        {
            if (!_young.TryGetValue(token, out known) && _old.Remove(token, out known)) Keep(token, known);
        }
        return known is not null && known.Keys == keys && !JwtVerifier.HasExpired(known.Expires, time.GetUtcNow()) ? known.Identity : null;
    }

    void Remember(TokenDigest token, Verified verified)
    {
        lock (_gate) Keep(token, verified);
    }

    // Two generations: what was not asked for while one filled up is forgotten.
    void Keep(TokenDigest token, Verified verified)
    {
        if (_young.Count >= Generation) (_old, _young) = (_young, []);
        _young[token] = verified;
    }

    sealed record Verified(Identity Identity, double Expires, JsonWebKeySet Keys);
}
