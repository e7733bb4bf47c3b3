using System.Text;
using System.Text.Json;

namespace Macp.Protocol.Tests.Json;

public class CanonicalTextTests
{
    [Theory]
    [InlineData("", "\"\"")]
    [InlineData("plain", "\"plain\"")]
    [InlineData("\"", """
        "\""
        """)]
    [InlineData("\\", """
        "\\"
        """)]
    [InlineData("a/b", "\"a/b\"")]
    [InlineData("<&'>", "\"<&'>\"")]
    [InlineData("\b\t\n\f\r", """
        "\b\t\n\f\r"
        """)]
    [InlineData("\u0000\u000b\u001f", """
        "\u0000\u000b\u001f"
        """)]
    [InlineData("\u007f\u0080\u2028\u2029\ufeff", "\"\u007f\u0080\u2028\u2029\ufeff\"")]
    [InlineData("é € 🦀", "\"é € 🦀\"")]
    [InlineData("\"\"a\n\nb\\", """
        "\"\"a\n\nb\\"
        """)]
    public void A_string_has_the_shortest_escapes(string value, string json) => Assert.Equal(json, Written(value));

    [Fact]
    public void Every_control_character_is_escaped_and_nothing_else_of_ASCII_but_quote_and_backslash()
    {
        for (char c = '\0'; c <= '\u007f'; c++)
        {
            string json = Written(c.ToString());
            Assert.Equal(c < ' ' || c is '"' or '\\', json[1] == '\\');
            Assert.Equal(c.ToString(), JsonSerializer.Deserialize<string>(json));
        }
    }

    [Fact]
    public void Half_of_a_surrogate_pair_has_no_bytes()
    {
        foreach (string value in (string[])["\ud800", "\udfff", "a\ud800b", "\udc00\ud800"])
        {
            Assert.Throws<EncoderFallbackException>(() => new CanonicalJson().Value(value).ToUtf8());
            Assert.Throws<EncoderFallbackException>(() => new CanonicalJson().BeginObject().Key(value).Value(1).EndObject().ToUtf8());
        }
    }

    [Fact]
    public void There_is_no_byte_order_mark() => Assert.Equal("\"\""u8, new CanonicalJson().Value("").ToUtf8());

    [Fact]
    public void Commas_stand_between_and_only_between()
    {
        var json = new CanonicalJson().BeginObject()
            .Key("a").BeginArray().EndArray()
            .Key("b").BeginArray().Value(1).Value(true).Value((string?)null).BeginObject().EndObject().BeginArray().Value("x").EndArray().EndArray()
            .Key("c").BeginObject().Key("d").Value(false).EndObject()
            .EndObject();
        Assert.Equal("""{"a":[],"b":[1,true,null,{},["x"]],"c":{"d":false}}""", json.ToString());
    }

    static string Written(string value)
    {
        var json = new CanonicalJson().Value(value);
        Assert.Equal(json.ToString(), Encoding.UTF8.GetString(json.ToUtf8()));
        return json.ToString();
    }
}
