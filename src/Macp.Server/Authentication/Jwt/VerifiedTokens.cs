using System.Diagnostics.CodeAnalysis;
using Macp.Runtime;

namespace Macp.Server.Authentication;

/// <summary>A JWT that was verified: by these keys, and what they vouched for ends with them.</summary>
sealed record VerifiedToken(Identity Identity, double Expires, JsonWebKeySet Keys);

/// <summary>
/// Remembers verified JWTs by their digests, in two generations: what was not asked for while the younger one filled up is forgotten. So it holds twice as many
/// at the most.
/// </summary>
sealed class VerifiedTokens(int generation)
{
    readonly Lock _gate = new();
    Dictionary<TokenDigest, VerifiedToken> _young = [], _old = [];

    public int Count
    {
        get
        {
            lock (_gate) return _young.Count + _old.Count;
        }
    }

    public bool TryFind(TokenDigest token, [NotNullWhen(true)] out VerifiedToken? verified)
    {
        lock (_gate)
        {
            if (_young.TryGetValue(token, out verified)) return true;
            if (!_old.Remove(token, out verified)) return false;
            Add(token, verified);
            return true;
        }
    }

    public void Remember(TokenDigest token, VerifiedToken verified)
    {
        lock (_gate)
        {
            _old.Remove(token);
            Add(token, verified);
        }
    }

    void Add(TokenDigest token, VerifiedToken verified)
    {
        if (_young.Count >= generation) (_old, _young) = (_young, []);
        _young[token] = verified;
    }
}
