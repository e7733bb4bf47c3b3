using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Macp.Wire.V1;
using Macp.Testing.Fixtures;

namespace Macp.Testing;

/// <summary>Reads fixtures.</summary>
public static class FixtureReader
{
    static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    static readonly JsonDocumentOptions NamesOnce = new() { AllowDuplicateProperties = false };
    static readonly string[] States = ["Open", "Suspended", "Resolved", "Expired", "Cancelled"];

    /// <summary>Reads a fixture's file.</summary>
    /// <exception cref="FixtureException">The file is missing, is not JSON or is not a fixture; the message names the field.</exception>
    public static Fixture ReadFile(string path) => Read(Path.GetFileNameWithoutExtension(path), ReadJson(path));

    /// <summary>Reads a fixture's text.</summary>
    /// <param name="name">What to call it.</param>
    /// <param name="json">The text.</param>
    /// <exception cref="FixtureException">The text is not JSON or is not a fixture; the message names the field.</exception>
    public static Fixture Parse(string name, string json) => Read(name, ParseObject(json));

    /// <summary>Whether a JSON object means to be a fixture: it has a mode and messages.</summary>
    public static bool IsFixture(JsonObject json) => json.ContainsKey("mode") && json.ContainsKey("messages");

    /// <summary>Reads a fixture from a JSON object.</summary>
    /// <param name="name">What to call it.</param>
    /// <param name="json">The object.</param>
    /// <exception cref="FixtureException">It is not a fixture; the message names the field.</exception>
    public static Fixture Parse(string name, JsonObject json) => Parse(name, json.ToJsonString());

    static Fixture Read(string name, JsonObject json)
    {
        var fields = new JsonFields("", json);
        var fixture = new Fixture
        {
            Name = name,
            Description = fields.Text("description", ""),
            Mode = fields.NonEmpty("mode"),
            Initiator = Sender(fields, "initiator"),
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
            Policy = fields.Inner("policy") is { } policy ? Policy(policy) : null,
        };
        if (fixture.TtlMs < 1) throw fields.Wrong("ttl_ms", "must be at least 1");
        if (fixture.Messages.Count == 0) throw fields.Wrong("messages", "must not be empty");
        if (!States.Contains(fixture.ExpectedFinalState)) throw fields.Wrong("expected_final_state", $"must be one of {string.Join(", ", States)}");
        fields.End();
        return fixture;
    }

    /// <summary>Reads a file that holds one JSON object.</summary>
    /// <exception cref="FixtureException">The file is missing or cannot be read, or holds something else.</exception>
    public static JsonObject ReadJson(string path) => ReadNode(path) as JsonObject ?? throw new FixtureException($"{path}: it holds no JSON object");

    /// <summary>Reads a file that holds whatever JSON.</summary>
    /// <exception cref="FixtureException">The file is missing or cannot be read, or is not JSON.</exception>
    public static JsonNode? ReadNode(string path)
    {
        try
        {
            return ParseNode(File.ReadAllText(path, StrictUtf8));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException || path.Length == 0)
        {
            throw new FixtureException($"{(path.Length == 0 ? "''" : path)}: there is no such file");
        }
        catch (DecoderFallbackException)
        {
            throw new FixtureException($"{path}: it is not UTF-8 text");
        }
        catch (Exception e) when (e is FixtureException or IOException or UnauthorizedAccessException)
        {
            throw new FixtureException(Directory.Exists(path) ? $"{path}: it is a folder" : $"{path}: {e.Message}");
        }
    }

    static FixtureMessage Message(JsonFields fields)
    {
        string expect = fields.Text("expect");
        if (expect is not ("accept" or "reject")) throw fields.Wrong("expect", "must be accept or reject");
        var message = new FixtureMessage(
            Sender(fields, "sender"),
            fields.NonEmpty("message_type"),
            fields.NonEmpty("payload_type"),
            fields.Object("payload") ?? throw fields.Wrong("payload", "is missing"),
            expect == "accept",
            fields.Text("expected_error_code", "") is { Length: > 0 } code ? code : null);
        fields.End();
        return message;
    }

    // What the rules may be is the runtime's to say.
    static PolicyDescriptor Policy(JsonFields fields)
    {
        var policy = new PolicyDescriptor
        {
            PolicyId = fields.NonEmpty("policy_id"),
            Mode = fields.NonEmpty("mode"),
            SchemaVersion = (uint)Math.Clamp(fields.Whole("schema_version"), uint.MinValue, uint.MaxValue),
            Description = fields.Text("description", ""),
            Rules = (fields.Object("rules") ?? throw fields.Wrong("rules", "is missing")).ToJsonString(),
        };
        fields.End();
        return policy;
    }

    static JsonObject ParseObject(string json) => ParseNode(json) as JsonObject ?? throw new FixtureException("it holds no JSON object");

    static JsonNode? ParseNode(string json)
    {
        try
        {
            var root = JsonNode.Parse(json, documentOptions: NamesOnce);
            ReadThrough(root);
            return root;
        }
        catch (JsonException e)
        {
            throw new FixtureException($"it is not JSON: {e.Message}");
        }
        catch (InvalidOperationException)
        {
            throw new FixtureException("it has a name that holds half a character (a lone surrogate)");
        }
    }

    // Half a character, written as an escape, is only noticed when the text is read: better here, where its place is known.
    static void ReadThrough(JsonNode? node)
    {
        if (node is JsonObject json) foreach (var (_, value) in json) ReadThrough(value);
        else if (node is JsonArray items) foreach (var item in items) ReadThrough(item);
        else if (node?.GetValueKind() is JsonValueKind.String)
        {
            try
            {
                node.GetValue<string>();
            }
            catch (InvalidOperationException)
            {
                throw new FixtureException($"{node.GetPath()} holds half a character (a lone surrogate)");
            }
        }
    }

    // In development a sender's name is its credential too, and travels in a header.
    static string Sender(JsonFields fields, string name) => fields.NonEmpty(name) is var sender && sender.Trim() == sender && !sender.AsSpan().ContainsAnyExceptInRange(' ', '~')
        ? sender
        : throw fields.Wrong(name, "must be printable ASCII without space around it, since it is the sender's token too");
}
