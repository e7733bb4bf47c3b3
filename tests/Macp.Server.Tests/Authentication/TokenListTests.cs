using Macp.Server.Authentication;

namespace Macp.Server.Tests;

/// <summary>What is wrong with a list of tokens ends the start, is told by its place, and never with a token.</summary>
public sealed class TokenListTests : IDisposable
{
    readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("""[{"token":"secret-a","sender":"alice"}]""")]
    [InlineData("""{"tokens":[{"token":"secret-a","sender":"alice"},{"token":"secret-b","sender":"alice"}]}""")]
    [InlineData("""[{"token":"secret-a","sender":"alice","allowed_modes":null,"max_open_sessions":null}]""")]
    [InlineData("""[{"token":"secret.a","sender":"agent://a b"}]""")]
    public async Task Both_forms_are_read_from_the_variable_and_the_file(string json)
    {
        await File.WriteAllTextAsync(_file, json);
        Assert.NotNull(StaticTokens.Read(new() { TokensJson = json }));
        Assert.NotNull(StaticTokens.Read(new() { TokensFile = _file }));
    }

    [Theory]
    [InlineData("""[{"token":"secret-a","sender":"alice"},{"token":"secret-b"}]""", "tokens[1]: sender must be text that is not blank")]
    [InlineData("""[{"token":"secret-a","sender":" "}]""", "tokens[0]: sender must be text")]
    [InlineData("""[{"token":"secret-a","sender":null}]""", "tokens[0]: sender must be text")]
    [InlineData("""[{"token":"secret-a","sender":7}]""", "tokens[0]: sender must be text")]
    [InlineData("""[{"token":"","sender":"alice"}]""", "tokens[0]: token must be text")]
    [InlineData("""[{"sender":"alice"}]""", "tokens[0]: token must be text")]
    [InlineData("""[{"token":"secret a","sender":"alice"}]""", "tokens[0]: token must be printable ASCII")]
    [InlineData("""[{"token":"s\u00e9cret","sender":"alice"}]""", "tokens[0]: token must be printable ASCII")]
    [InlineData("""[{"token":"secret-a","sender":"alice"},{"token":"secret-a","sender":"bob"}]""", "tokens[1]: its token is already that of an entry before it")]
    [InlineData("""[{"token":"secret-a","sender":"alice","is_admin":true}]""", "tokens[0]: it has a key that is unknown; those known are token, sender, allowed_modes")]
    [InlineData("""[{"secret-a":"alice"}]""", "tokens[0]: it has a key that is unknown")]
    [InlineData("""["secret-a"]""", "tokens[0]: it must be an object")]
    [InlineData("""[{"token":"secret-a","sender":"alice","allowed_modes":"secret"}]""", "tokens[0]: allowed_modes must be an array")]
    [InlineData("""[{"token":"secret-a","sender":"alice","can_start_sessions":"no"}]""", "tokens[0]: can_start_sessions must be true or false")]
    [InlineData("""[{"token":"secret-a","sender":"alice","max_open_sessions":-1}]""", "tokens[0]: max_open_sessions must be a whole number")]
    [InlineData("""[{"token":"secret-a","sender":"alice","can_manage_mode_registry":1}]""", "tokens[0]: can_manage_mode_registry must be true or false")]
    [InlineData("""[{"token":"secret-a","sender":"alice","is_observer":null}]""", "tokens[0]: is_observer must be true or false")]
    [InlineData("""[{"token":"secret-a","sender":"alice","sender":"bob"}]""", "it is not JSON, or has a key twice")]
    [InlineData("""[{"token":"secret-a","sender":"\ud800"}]""", "tokens[0]: it has text with half a character")]
    [InlineData("""[{"token":"secret-a",secret]""", "it is not JSON from line 1, byte 22 on")]
    [InlineData("""secret""", "it is not JSON from line 1, byte 1 on")]
    [InlineData("""{"tokens":[{"token":"secret-a","sender":"alice"}],"more":1}""", "it must be an array of tokens, or an object with nothing but")]
    [InlineData("""{"token":"secret-a","sender":"alice"}""", "it must be an array of tokens")]
    [InlineData("""[]""", "it holds no token; add one, or unset it")]
    [InlineData("""{"tokens":[]}""", "it holds no token")]
    public void A_fault_is_told_by_its_place_and_without_a_token(string json, string fault)
    {
        File.WriteAllText(_file, json);
        string variable = Assert.Throws<MacpConfigurationException>(() => StaticTokens.Read(new() { TokensJson = json })).Message;
        string file = Assert.Throws<MacpConfigurationException>(() => StaticTokens.Read(new() { TokensFile = _file })).Message;

        Assert.StartsWith($"MACP_AUTH_TOKENS_JSON: {fault}", variable, StringComparison.Ordinal);
        Assert.StartsWith($"MACP_AUTH_TOKENS_FILE: {_file}: {fault}", file, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", variable + file, StringComparison.Ordinal);
        Assert.DoesNotContain("cret", variable, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_named()
    {
        string missing = Assert.Throws<MacpConfigurationException>(() => StaticTokens.Read(new() { TokensFile = "/no/such/file" })).Message;
        Assert.StartsWith("MACP_AUTH_TOKENS_FILE: /no/such/file: ", missing, StringComparison.Ordinal);
        File.WriteAllBytes(_file, [(byte)'[', 0xff]);
        Assert.Contains("UTF-8", Assert.Throws<MacpConfigurationException>(() => StaticTokens.Read(new() { TokensFile = _file })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_variable_counts_before_the_file() =>
        Assert.NotNull(StaticTokens.Read(new() { TokensJson = """[{"token":"secret-a","sender":"alice"}]""", TokensFile = "/no/such/file" }));

    [Fact]
    public void A_token_that_JWTs_would_hide_is_told()
    {
        var options = new MacpAuthenticationOptions { TokensJson = """[{"token":"a.b.c","sender":"alice"}]""" };
        Assert.NotNull(StaticTokens.Read(options));
        Assert.Contains("tokens[0]: token has the shape of a JWT", Assert.Throws<MacpConfigurationException>(() =>
            StaticTokens.Read(options with { Jwt = new() { Issuer = SigningKey.Issuer } })).Message, StringComparison.Ordinal);
    }
}
