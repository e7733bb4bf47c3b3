using Macp.Runtime;
using Macp.Server.Authentication;
using Microsoft.Extensions.Logging.Abstractions;
using System.Text;

namespace Macp.Server.Tests;

/// <summary>JWTs judged under a JWK set, on a clock that stands.</summary>
sealed class Verification
{
    readonly JwtIdentities _identities;

    public Verification(string set, Func<MacpJwtOptions, MacpJwtOptions>? change = null)
    {
        var options = new MacpJwtOptions { Issuer = SigningKey.Issuer };
        options = change?.Invoke(options) ?? options;
        var keys = JsonWebKeySet.Parse(Encoding.UTF8.GetBytes(set), options.Algorithms);
        _identities = new(new(options), new(_ => ReadAsync(keys), options.KeysTimeToLive, Time, NullLogger.Instance), Time);
    }

    public ManualTime Time { get; } = new();

    /// <summary>What the next reading of the keys waits for.</summary>
    public Task Hold { get; set; } = Task.CompletedTask;

    public Task<TokenVerdict> JudgeAsync(string token) => _identities.IdentifyAsync(token).Happens();

    public async Task<Identity> TakesAsync(string token)
    {
        var verdict = await JudgeAsync(token);
        Assert.Null(verdict.Fault);
        return verdict.Identity!;
    }

    /// <summary>Refuses it twice, so that no memory lets it in.</summary>
    public async Task RefusesAsync(string fault, string token)
    {
        for (int i = 0; i < 2; i++)
        {
            var verdict = await JudgeAsync(token);
            Assert.Null(verdict.Identity);
            Assert.Contains(fault, verdict.Fault, StringComparison.Ordinal);
        }
    }

    async Task<JsonWebKeySet> ReadAsync(JsonWebKeySet keys)
    {
        await Hold;
        return keys;
    }
}
