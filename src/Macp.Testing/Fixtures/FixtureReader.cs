using System.Text.Json;
using System.Text.Json.Nodes;
using Macp.Testing.Fixtures;

namespace Macp.Testing;

/// <summary>Reads fixtures.</summary>
public static class FixtureReader
{
    static readonly string[] States = ["Open", "Suspended", "Resolved", "Expired", "Cancelled"];

    /// <summary>Reads a fixture's file.</summary>
    /// <exception cref="FixtureException">The file is missing, is not JSON or is not a fixture; the message names the field.</exception>
    public static Fixture ReadFile(string path) => Parse(Path.GetFileNameWithoutExtension(path), ReadJson(path));

    /// <summary>Reads a fixture's text.</summary>
    /// <param name="name">What to call it.</param>
    /// <param name="json">The text.</param>
    /// <exception cref="FixtureException">The text is not JSON or is not a fixture; the message names the field.</exception>
    public static Fixture Parse(string name, string json) => Parse(name, ParseObject(json));

    /// <summary>Whether a JSON object means to be a fixture: it has a mode and messages.</summary>
    public static bool IsFixture(JsonObject json) => json.ContainsKey("mode") && json.ContainsKey("messages");

    /// <summary>Reads a fixture from a JSON object.</summary>
    /// <param name="name">What to call it.</param>
    /// <param name="json">The object.</param>
    /// <exception cref="FixtureException">It is not a fixture; the message names the field.</exception>
    public static Fixture Parse(string name, JsonObject json)
    {
        var fields = new JsonFields("", json);
        var fixture = new Fixture
        {
            Name = name,
            Description = fields.Text("description", ""),
            Mode = fields.NonEmpty("mode"),
            Initiator = fields.NonEmpty("initiator"),
            Participants = fields.Texts("participants"),
            ModeVersion = fields.NonEmpty("mode_version"),
            ConfigurationVersion = fields.NonEmpty("configuration_version"),
            PolicyVersion = fields.Text("policy_version", ""),
            TtlMs = fields.Whole("ttl_ms"),
            Messages = [.. fields.Objects("messages").Select(Message)],
            ExpectedFinalState = fields.Text("expected_final_state"),
            ExpectedResolution = fields.Object("expected_resolution"),
            ExpectedModeState = fields.Object("expected_mode_state"),
            ExpectResolutionPresent = fields.Flag("expect_resolution_present"),
            VerifyReplayEquivalence = fields.Flag("verify_replay_equivalence") ?? true,
            Policy = fields.Object("policy"),
        };
        if (fixture.TtlMs < 1) throw fields.Wrong("ttl_ms", "must be at least 1");
        if (fixture.Messages.Count == 0) throw fields.Wrong("messages", "must not be empty");
        if (!States.Contains(fixture.ExpectedFinalState)) throw fields.Wrong("expected_final_state", $"must be one of {string.Join(", ", States)}");
        fields.End();
        return fixture;
    }

    /// <summary>Reads a file that holds one JSON object.</summary>
    /// <exception cref="FixtureException">The file is missing or cannot be read, or holds something else.</exception>
    public static JsonObject ReadJson(string path)
    {
        try
        {
            return ParseObject(File.ReadAllText(path));
        }
        catch (Exception e) when (e is FixtureException or IOException or UnauthorizedAccessException)
        {
            throw new FixtureException(e is FileNotFoundException or DirectoryNotFoundException ? $"{path}: there is no such file" : $"{path}: {e.Message}");
        }
    }

    static FixtureMessage Message(JsonFields fields)
    {
        string expect = fields.Text("expect");
        if (expect is not ("accept" or "reject")) throw fields.Wrong("expect", "must be accept or reject");
        var message = new FixtureMessage(
            fields.NonEmpty("sender"),
            fields.NonEmpty("message_type"),
            fields.NonEmpty("payload_type"),
            fields.Object("payload") ?? throw fields.Wrong("payload", "is missing"),
            expect == "accept",
            fields.Text("expected_error_code", "") is { Length: > 0 } code ? code : null);
        fields.End();
        return message;
    }

    static JsonObject ParseObject(string json)
    {
        try
        {
            return JsonNode.Parse(json) as JsonObject ?? throw new FixtureException("it holds no JSON object");
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new FixtureException($"it is not JSON: {e.Message}");
        }
    }
}
