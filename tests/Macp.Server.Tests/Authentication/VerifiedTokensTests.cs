using System.Text;
using Macp.Server.Authentication;

namespace Macp.Server.Tests;

/// <summary>Verified JWTs are remembered, and never more of them than there is room for.</summary>
public sealed class VerifiedTokensTests
{
    static readonly JsonWebKeySet Keys = JsonWebKeySet.Parse(Encoding.UTF8.GetBytes(SigningKey.Set(SigningKey.Ec())), ["ES256"]);

    readonly VerifiedTokens _tokens = new(generation: 10);

    [Fact]
    public void What_was_remembered_is_found_and_nothing_else_is()
    {
        Remember("a");
        Assert.Equal("a", Find("a"));
        Assert.Null(Find("b"));
    }

    [Fact]
    public void However_many_come_only_the_latest_are_held()
    {
        for (int i = 0; i < 1_000; i++)
        {
            Remember($"{i}");
            Assert.InRange(_tokens.Count, 1, 20);
        }
        for (int i = 990; i < 1_000; i++) Assert.Equal($"{i}", Find($"{i}"));
        Assert.Null(Find("0"));
    }

    [Fact]
    public void One_that_is_asked_for_stays_however_many_come()
    {
        Remember("kept");
        for (int i = 0; i < 1_000; i++)
        {
            Remember($"{i}");
            Assert.Equal("kept", Find("kept"));
            Assert.InRange(_tokens.Count, 1, 20);
        }
    }

    void Remember(string token) => _tokens.Remember(TokenDigest.Of(token), new(new(token), 0, Keys));

    string? Find(string token) => _tokens.TryFind(TokenDigest.Of(token), out var found) ? found.Identity.Sender : null;
}
