using System.Text.Json.Nodes;
using Macp.Testing.Fixtures;

namespace Macp.Testing.Tests;

public class ContainmentTests
{
    [Theory]
    [InlineData("{}", """{ "a": 1 }""")]
    [InlineData("""{ "a": { "b": 1 } }""", """{ "a": { "b": 1, "c": 2 }, "d": 3 }""")]
    [InlineData("""{ "_comment": "x", "a": 1 }""", """{ "a": 1 }""")]
    [InlineData("[1]", "[1, 2]")]
    [InlineData("""[{ "a": 1 }]""", """[{ "a": 1, "b": 2 }, 3]""")]
    [InlineData("1", "1.0")]
    [InlineData("null", "null")]
    public void Holds(string expected, string actual) => Assert.Null(Missing(expected, actual));

    [Theory]
    [InlineData("""{ "a": 1 }""", "{}", "state.a is missing")]
    [InlineData("""{ "a": { "b": 1 } }""", """{ "a": { "b": 2 } }""", "state.a.b is 2, expected 1")]
    [InlineData("""{ "a": [1, { "b": "x" }] }""", """{ "a": [1, { "b": "y" }] }""", "state.a[1].b is \"y\", expected \"x\"")]
    [InlineData("[1, 2]", "[1]", "state has 1 items, expected 2")]
    [InlineData("[2]", "[1, 2]", "state[0] is 1, expected 2")]
    [InlineData("{}", "[]", "state is [], expected {}")]
    [InlineData("1", "\"1\"", "state is \"1\", expected 1")]
    [InlineData("false", "null", "state is null, expected false")]
    public void Tells_the_first_place_that_differs(string expected, string actual, string difference) => Assert.Equal(difference, Missing(expected, actual));

    static string? Missing(string expected, string actual) => Containment.Missing(JsonNode.Parse(expected), JsonNode.Parse(actual), "state");
}
