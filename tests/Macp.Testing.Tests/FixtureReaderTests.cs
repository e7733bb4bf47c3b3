using System.Text;
using System.Text.Json.Nodes;

namespace Macp.Testing.Tests;

/// <summary>A file that cannot be used says where it is wrong.</summary>
public class FixtureReaderTests
{
    const string Valid = """
        {
          "_note": "for readers", "description": "d", "mode": "macp.mode.decision.v1", "initiator": "agent://a", "participants": ["agent://a"],
          "mode_version": "1.0.0", "configuration_version": "c", "policy_version": "", "ttl_ms": 1000,
          "messages": [{ "_comment": "x", "sender": "agent://a", "message_type": "Vote", "payload_type": "p.V", "payload": { "vote": "APPROVE" }, "expect": "accept" }],
          "expected_final_state": "Open", "expected_resolution": {}, "expected_mode_state": {}, "expect_resolution_present": false,
          "verify_replay_equivalence": false,
          "policy": { "_note": "x", "policy_id": "p", "mode": "*", "schema_version": 3, "description": "pd", "rules": { "voting": { "threshold": 0.50 } } }
        }
        """;

    [Fact]
    public void Every_field_is_read()
    {
        var fixture = FixtureReader.Parse("name", Valid);

        Assert.Equal(("name", "d", "macp.mode.decision.v1", "agent://a", "1.0.0", "c", "", 1000L), (fixture.Name, fixture.Description, fixture.Mode, fixture.Initiator, fixture.ModeVersion, fixture.ConfigurationVersion, fixture.PolicyVersion, fixture.TtlMs));
        Assert.Equal(["agent://a"], fixture.Participants);
        Assert.Equal(("Open", false, false), (fixture.ExpectedFinalState, fixture.ExpectResolutionPresent, fixture.VerifyReplayEquivalence));
        Assert.All([fixture.ExpectedResolution, fixture.ExpectedModeState], Assert.NotNull);
        Assert.Equal(new() { PolicyId = "p", Mode = "*", SchemaVersion = 3, Description = "pd", Rules = """{"voting":{"threshold":0.50}}""" }, fixture.Policy);
        var message = Assert.Single(fixture.Messages);
        Assert.Equal(("agent://a", "Vote", "p.V", true, null), (message.Sender, message.MessageType, message.PayloadType, message.Accepted, message.ErrorCode));
        Assert.Equal("APPROVE", message.Payload["vote"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("description"), InlineData("policy_version"), InlineData("expected_resolution"), InlineData("expected_mode_state")]
    [InlineData("expect_resolution_present"), InlineData("verify_replay_equivalence"), InlineData("policy")]
    public void Optional_fields_may_be_missing_or_null(string field)
    {
        FixtureReader.Parse("x", Changed(fixture => fixture.Remove(field)));
        FixtureReader.Parse("x", Changed(fixture => fixture[field] = null));
    }

    [Theory]
    [InlineData("mode"), InlineData("initiator"), InlineData("participants"), InlineData("mode_version"), InlineData("configuration_version")]
    [InlineData("ttl_ms"), InlineData("messages"), InlineData("expected_final_state")]
    public void A_missing_field_is_named(string field) => Assert.Equal($"{field} is missing", Error(fixture => fixture.Remove(field)));

    [Theory]
    [InlineData("policy_id"), InlineData("mode"), InlineData("schema_version"), InlineData("rules")]
    public void A_missing_field_of_a_policy_is_named(string field) => Assert.Equal($"policy.{field} is missing", Error(fixture => fixture["policy"]!.AsObject().Remove(field)));

    [Theory]
    [InlineData("sender"), InlineData("message_type"), InlineData("payload_type"), InlineData("payload"), InlineData("expect")]
    public void A_missing_field_of_a_message_is_named(string field) => Assert.Equal($"messages[0].{field} is missing", Error(fixture => Message(fixture).Remove(field)));

    [Theory]
    [InlineData("mode", "1", "mode must be text")]
    [InlineData("mode", "\"\"", "mode must not be empty")]
    [InlineData("participants", "{}", "participants must be a list")]
    [InlineData("policy", "[]", "policy must be an object")]
    [InlineData("participants", "[\"a\", 7]", "participants[1] must be text")]
    [InlineData("participants", "[null]", "participants[0] must be text")]
    [InlineData("ttl_ms", "\"1000\"", "ttl_ms must be a whole number")]
    [InlineData("ttl_ms", "1.5", "ttl_ms must be a whole number")]
    [InlineData("ttl_ms", "1e300", "ttl_ms must be a whole number")]
    [InlineData("ttl_ms", "0", "ttl_ms must be at least 1")]
    [InlineData("messages", "[]", "messages must not be empty")]
    [InlineData("messages", "[7]", "messages[0] must be an object")]
    [InlineData("messages", "[null]", "messages[0] must be an object")]
    [InlineData("expected_final_state", "\"resolved\"", "expected_final_state must be one of Open, Suspended, Resolved, Expired, Cancelled")]
    [InlineData("expect_resolution_present", "\"yes\"", "expect_resolution_present must be true or false")]
    [InlineData("expected_mode_state", "[]", "expected_mode_state must be an object")]
    [InlineData("policy", "\"policy.default\"", "policy must be an object")]
    [InlineData("expected_state", "{}", "expected_state is not a field of a fixture")]
    [InlineData("initiator", "\"agent://\\u00e4\"", "initiator must be printable ASCII without space around it, since it is the sender's token too")]
    public void A_wrong_value_is_told_with_its_field(string field, string json, string error) => Assert.Equal(error, Error(fixture => fixture[field] = JsonNode.Parse(json)));

    [Theory]
    [InlineData("expect", "\"maybe\"", "messages[0].expect must be accept or reject")]
    [InlineData("payload", "[]", "messages[0].payload must be an object")]
    [InlineData("sender", "\" a\"", "messages[0].sender must be printable ASCII without space around it, since it is the sender's token too")]
    [InlineData("error_code", "\"FORBIDDEN\"", "messages[0].error_code is not a field of a fixture")]
    public void A_wrong_value_of_a_message_is_told_with_its_place(string field, string json, string error) => Assert.Equal(error, Error(fixture => Message(fixture)[field] = JsonNode.Parse(json)));

    [Theory]
    [InlineData("", "it is not JSON: ")]
    [InlineData("mode: decision", "it is not JSON: ")]
    [InlineData("{", "it is not JSON: ")]
    [InlineData("[]", "it holds no JSON object")]
    [InlineData("null", "it holds no JSON object")]
    [InlineData("{\"mode\": \"a\", \"mode\": \"b\"}", "it is not JSON: Duplicate property 'mode'")]
    [InlineData("{\"a\": {\"b\": [\"\\ud800\"]}}", "$.a.b[0] holds half a character")]
    [InlineData("{\"a\": {\"\\udc00\": 1}}", "it has a name that holds half a character")]
    public void Text_that_holds_no_fixture_is_told_so(string text, string error) =>
        Assert.StartsWith(error, Assert.Throws<FixtureException>(() => FixtureReader.Parse("x", text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_cannot_be_read_is_named()
    {
        using var folder = new TemporaryFolder();
        string missing = Path.Combine(folder.Path, "none.json"), binary = Path.Combine(folder.Path, "binary.json");
        File.WriteAllBytes(binary, [.. "{\"a\":\""u8, 0xff, .. "\"}"u8]);

        Assert.Equal($"{missing}: there is no such file", Assert.Throws<FixtureException>(() => FixtureReader.ReadFile(missing)).Message);
        Assert.Equal("'': there is no such file", Assert.Throws<FixtureException>(() => FixtureReader.ReadFile("")).Message);
        Assert.Equal($"{folder.Path}: it is a folder", Assert.Throws<FixtureException>(() => FixtureReader.ReadFile(folder.Path)).Message);
        Assert.Equal($"{binary}: it is not UTF-8 text", Assert.Throws<FixtureException>(() => FixtureReader.ReadFile(binary)).Message);
    }

    [Fact]
    public void A_byte_order_mark_does_no_harm()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "bom.json");
        File.WriteAllText(path, Valid, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

        Assert.Equal("bom", FixtureReader.ReadFile(path).Name);
    }

    static JsonObject Message(JsonObject fixture) => fixture["messages"]![0]!.AsObject();

    static JsonObject Changed(Action<JsonObject> change)
    {
        var fixture = JsonNode.Parse(Valid)!.AsObject();
        change(fixture);
        return fixture;
    }

    static string Error(Action<JsonObject> change) => Assert.Throws<FixtureException>(() => FixtureReader.Parse("x", Changed(change))).Message;
}
