using System.Text;
using Macp.Client;
using Macp.Modes.Standard;

namespace Macp.Agents.Tests;

public class BootstrapTests
{
    const string Flat = """
        {
          "session_id": "8f14e45f-ceea-467f-9575-6b1f3a2c4d5e", "participant_id": "alice", "mode": "macp.mode.decision.v1",
          "mode_version": "1.0.0", "policy_version": "policy.default", "runtime_url": "runtime.example:50051", "auth_token": "t0ken", "participants": ["alice", "bob"],
          "metadata": { "anything": 1 },
          "initiator": {
            "session_start": { "intent": "choose a day", "participants": ["alice", "bob"], "ttl_ms": 60000, "max_suspend_ms": 1000, "configuration_version": "config.two", "context_id": "c1",
              "context": { "week": 7 }, "extensions": { "text": "test", "bytes": { "base64": "AQID" }, "json": { "json": [1] } }, "roots": [{ "uri": "file:///plans", "name": "plans" }] },
            "kickoff": { "message_type": "Proposal", "payload_type": "ignored", "payload": { "proposal_id": "p1", "option": "monday" } }
          },
          "cancel_callback": { "host": "localhost", "port": 0, "path": "/stop" }
        }
        """;

    const string Nested = """
        {
          "run": { "runId": "r1", "sessionId": "8f14e45f-ceea-467f-9575-6b1f3a2c4d5e", "traceId": "x" },
          "participant": { "participantId": "alice", "agentId": "a", "displayName": "Alice", "role": "lead" },
          "runtime": { "address": "runtime.example:50051", "bearerToken": "t0ken", "tls": false, "allowInsecure": true, "controlPlaneBaseUrl": "u", "controlPlaneApiKey": "k" },
          "session": { "mode": "macp.mode.decision.v1", "participants": ["alice", "bob"], "note": "the agent's own" }, "execution": { "x": 1 }, "agent": { "y": 2 },
          "initiator": {
            "sessionStart": { "intent": "choose a day", "participants": ["alice", "bob"], "ttlMs": 60000, "configurationVersion": "config.two", "context": "in words", "roots": [] },
            "kickoff": { "messageType": "Proposal", "payload": "CgJwMRIGbW9uZGF5" }
          },
          "cancelCallback": { "host": "127.0.0.1", "port": 8080, "path": "/stop" }
        }
        """;

    [Fact]
    public async Task The_flat_shape_is_read()
    {
        var read = Parse(Flat);

        Assert.Equal(("8f14e45f-ceea-467f-9575-6b1f3a2c4d5e", "alice", DecisionMode.Descriptor.Identifier), (read.SessionId, read.ParticipantId, read.Mode));
        Assert.Equal(("1.0.0", "config.two", "policy.default"), (read.ModeVersion, read.ConfigurationVersion, read.PolicyVersion));
        Assert.Equal(["alice", "bob"], read.Participants);
        Assert.Equal("alice", read.Auth!.ExpectedSender);
        var start = read.Initiator!.Start;
        Assert.Equal(("choose a day", TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1), "c1"), (start.Intent, start.TimeToLive, start.MaxSuspend!.Value, start.ContextId));
        Assert.Equal([new("file:///plans", "plans")], start.Roots);
        Assert.Equal("""{ "week": 7 }""", start.Context!.Value.Data.ToStringUtf8());
        Assert.Equal(new("localhost", "/stop"), new KeyValuePair<string, string>(read.CancelCallback!.Host, read.CancelCallback.Path));
        await using var client = read.CreateClient();
        Assert.Equal("https", client.Options.Endpoint.Scheme);
    }

    [Fact]
    public async Task The_nested_shape_is_read()
    {
        var read = Parse(Nested);

        Assert.Equal(("8f14e45f-ceea-467f-9575-6b1f3a2c4d5e", "alice", DecisionMode.Descriptor.Identifier, "r1"), (read.SessionId, read.ParticipantId, read.Mode, read.RunId));
        Assert.Equal("config.two", read.ConfigurationVersion);
        Assert.Equal("in words", read.Initiator!.Start.Context!.Value.Data.ToStringUtf8());
        Assert.Equal((8080, "/stop"), (read.CancelCallback!.Port, read.CancelCallback.Path));
        await using var client = read.CreateClient();
        Assert.Equal("http", client.Options.Endpoint.Scheme);
        Assert.Equal("alice", client.Auth!.ExpectedSender);
    }

    [Fact]
    public void An_extension_is_what_its_writer_says_and_never_a_guess()
    {
        var extensions = Parse(Flat).Initiator!.Start.Extensions!;

        Assert.Equal("test", extensions["text"].ToStringUtf8()); // valid base64 all the same
        Assert.Equal([1, 2, 3], extensions["bytes"].ToByteArray());
        Assert.Equal("[1]", extensions["json"].ToStringUtf8());
    }

    [Theory]
    [InlineData("\"session_id\": \"8f14e45f-ceea-467f-9575-6b1f3a2c4d5e\",", "", "session_id is missing")]
    [InlineData("\"mode\": \"macp.mode.decision.v1\",", "\"mode\": 7,", "mode must be a text")]
    [InlineData("\"metadata\"", "\"meta\"", "meta is no key")]
    [InlineData("\"intent\"", "\"aim\"", "initiator.session_start.intent is missing")]
    [InlineData("\"context_id\"", "\"contextId\"", "initiator.session_start.contextId is no key")]
    [InlineData("\"ttl_ms\": 60000", "\"ttl_ms\": \"1m\"", "initiator.session_start.ttl_ms must be a whole number")]
    [InlineData("{ \"json\": [1] }", "[1]", "initiator.session_start.extensions.json must be a text")]
    [InlineData("\"AQID\"", "\"AQ\"", "initiator.session_start.extensions.bytes.base64 must be base64")]
    [InlineData("[{ \"uri\": \"file:///plans\", \"name\": \"plans\" }]", "[{}]", "initiator.session_start.roots[0].uri is missing")]
    [InlineData("{ \"proposal_id\": \"p1\", \"option\": \"monday\" }", "[]", "initiator.kickoff.payload must be an object")]
    [InlineData("\"port\": 0", "\"port\": 70000", "cancel_callback.port must be from 0 to 65535")]
    [InlineData("\"cancel_callback\": {", "\"cancel_callback\": 1, \"x\": {", "cancel_callback must be an object")]
    public void What_is_wrong_is_told_by_its_key_and_its_file(string part, string instead, string told)
    {
        Assert.Contains(part, Flat);

        string message = Assert.Throws<MacpConfigurationException>(() => Parse(Flat.Replace(part, instead, StringComparison.Ordinal))).Message;

        Assert.Contains(told, message);
        Assert.Contains("'boot.json'", message);
        Assert.DoesNotContain("t0ken", message);
    }

    [Theory]
    [InlineData("\"runId\"", "\"run_id\"", "run.run_id is no key")]
    [InlineData("\"sessionId\"", "\"session\"", "run.sessionId is missing")]
    [InlineData("\"mode\": \"macp.mode.decision.v1\",", "", "session.mode is missing")]
    [InlineData("\"bearerToken\"", "\"token\"", "runtime.token is no key")]
    public void So_is_it_in_the_nested_shape(string part, string instead, string told) =>
        Assert.Contains(told, Assert.Throws<MacpConfigurationException>(() => Parse(Nested.Replace(part, instead, StringComparison.Ordinal))).Message);

    [Fact]
    public async Task The_environment_counts_before_the_file()
    {
        var variables = new Dictionary<string, string> { ["MACP_RUNTIME_ADDRESS"] = "other.example:1", ["MACP_RUNTIME_TOKEN"] = "other", ["MACP_RUNTIME_TLS"] = "true" };
        var read = MacpBootstrap.Parse(Encoding.UTF8.GetBytes(Nested), "boot.json", variables.GetValueOrDefault);

        await using var client = read.CreateClient();

        Assert.Equal(new("https://other.example:1"), client.Options.Endpoint);
        variables["MACP_RUNTIME_TLS"] = "perhaps";
        Assert.Throws<MacpConfigurationException>(() => MacpBootstrap.Parse(Encoding.UTF8.GetBytes(Nested), "boot.json", variables.GetValueOrDefault));
    }

    [Fact]
    public void Plaintext_needs_both_words_and_a_connection_needs_a_credential()
    {
        string insecure = Flat.Replace("\"metadata\"", "\"secure\": false, \"metadata\"", StringComparison.Ordinal);

        Assert.Contains("allow_insecure", Assert.Throws<MacpConfigurationException>(() => Parse(insecure).CreateClient()).Message);
        Assert.Contains("auth_token", Assert.Throws<MacpConfigurationException>(() => Parse(Flat.Replace("\"auth_token\": \"t0ken\",", "", StringComparison.Ordinal)).CreateClient()).Message);
        Assert.Equal("http", Parse(insecure.Replace("\"secure\"", "\"allow_insecure\": true, \"secure\"", StringComparison.Ordinal)).CreateClient().Options.Endpoint.Scheme);
    }

    [Theory]
    [InlineData("\"agent_id\": \"dev\"", "dev", "dev")]
    [InlineData("\"auth\": { \"agent_id\": \"dev\" }", "dev", "dev")]
    [InlineData("\"auth\": { \"bearer_token\": \"b\", \"expected_sender\": \"me\" }", "me", "me")]
    [InlineData("\"auth\": { \"bearer_token\": \"b\" }", "alice", "alice")]
    public void A_credential_is_said_in_one_of_these_ways(string said, string sender, string guarded)
    {
        var auth = Parse(Flat.Replace("\"auth_token\": \"t0ken\"", said, StringComparison.Ordinal)).Auth!;

        Assert.Equal((sender, guarded), (auth.Sender, auth.ExpectedSender));
    }

    [Fact]
    public void Secrets_are_not_printed() => Assert.DoesNotContain("t0ken", Parse(Flat).ToString());

    [Fact]
    public async Task A_file_that_is_not_there_or_not_json_is_told_by_its_name()
    {
        Assert.Contains("nowhere.json", (await Assert.ThrowsAsync<MacpConfigurationException>(() => MacpBootstrap.LoadAsync("nowhere.json"))).Message);
        Assert.Contains("boot.json", Assert.Throws<MacpConfigurationException>(() => Parse("{")).Message);
        Assert.Contains("boot.json", Assert.Throws<MacpConfigurationException>(() => Parse("[]")).Message);
    }

    static MacpBootstrap Parse(string json) => MacpBootstrap.Parse(Encoding.UTF8.GetBytes(json), "boot.json");
}
