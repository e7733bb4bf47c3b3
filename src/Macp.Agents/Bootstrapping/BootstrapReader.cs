using System.Text.Json;
using Macp.Client;

namespace Macp.Agents;

/// <summary>Reads both shapes of a bootstrap file. Their keys differ in place and spelling; what they say does not.</summary>
static class BootstrapReader
{
    const string Address = "MACP_RUNTIME_ADDRESS", Token = "MACP_RUNTIME_TOKEN", Tls = "MACP_RUNTIME_TLS";

    public static MacpBootstrap Read(ReadOnlyMemory<byte> json, string source, Func<string, string?> environment)
    {
        using var document = Parse(json, source);
        if (document.RootElement.ValueKind is not JsonValueKind.Object) throw new MacpConfigurationException($"The bootstrap file '{source}' must be an object.");
        var root = new JsonSection(document.RootElement, "", source);
        var bootstrap = root.Has("run") || root.Has("participant") ? Nested(root) : Flat(root);
        root.Close();
        return Under(bootstrap, name => environment(name) is { Length: > 0 } value ? value : null);
    }

    static JsonDocument Parse(ReadOnlyMemory<byte> json, string source)
    {
        try
        {
            return JsonDocument.Parse(json, new() { AllowDuplicateProperties = false });
        }
        catch (JsonException e)
        {
            throw new MacpConfigurationException($"The bootstrap file '{source}' is not JSON: {e.Message}", e);
        }
    }

    static MacpBootstrap Flat(JsonSection root)
    {
        root.Ignore("metadata"); // the control plane's own
        var names = InitiatorKeys.Flat;
        var initiator = root.Section("initiator");
        var start = initiator?.RequiredSection(names.SessionStart);
        string participant = root.RequiredText("participant_id");
        return new()
        {
            SessionId = root.RequiredText("session_id"),
            ParticipantId = participant,
            Mode = root.RequiredText("mode"),
            // The start's own version counts before the file's.
            ModeVersion = First(start?.Text(names.ModeVersion), root.Text("mode_version")),
            ConfigurationVersion = First(start?.Text(names.ConfigurationVersion), root.Text("configuration_version")),
            PolicyVersion = First(start?.Text(names.PolicyVersion), root.Text("policy_version")),
            Participants = root.Texts("participants") ?? [],
            RuntimeAddress = First(root.Text("runtime_address"), root.Text("runtime_url")),
            Secure = root.Flag("secure") ?? true,
            AllowInsecure = root.Flag("allow_insecure") ?? false,
            Auth = FlatAuth(root, participant),
            Initiator = InitiatorReader.Read(initiator, start, names),
            CancelCallback = Callback(root.Section("cancel_callback")),
        };
    }

    static MacpBootstrap Nested(JsonSection root)
    {
        root.Ignore("execution", "agent"); // the agent's own
        var (run, participant, runtime) = (root.RequiredSection("run"), root.RequiredSection("participant"), root.Section("runtime"));
        run.Ignore("traceId");
        participant.Ignore("agentId", "displayName", "role");
        runtime?.Ignore("controlPlaneBaseUrl", "controlPlaneApiKey");
        var session = root.Section("session"); // much of it may be the agent's own too
        var names = InitiatorKeys.Nested;
        var initiator = root.Section("initiator");
        var start = initiator?.RequiredSection(names.SessionStart);
        string participantId = participant.RequiredText("participantId");
        var bootstrap = new MacpBootstrap
        {
            SessionId = run.RequiredText("sessionId"),
            RunId = run.Text("runId"),
            ParticipantId = participantId,
            Mode = First(root.Text("mode"), session?.Text("mode")) ?? throw root.Wrong("session.mode", "is missing"),
            ModeVersion = First(start?.Text(names.ModeVersion), session?.Text("modeVersion")),
            ConfigurationVersion = First(start?.Text(names.ConfigurationVersion), session?.Text("configurationVersion")),
            PolicyVersion = First(start?.Text(names.PolicyVersion), session?.Text("policyVersion")),
            Participants = session?.Texts("participants") ?? [],
            RuntimeAddress = runtime?.Text("address"),
            Secure = runtime?.Flag("tls") ?? true,
            AllowInsecure = runtime?.Flag("allowInsecure") ?? false,
            Auth = runtime?.Text("bearerToken") is { } token ? MacpAuth.Bearer(token, participantId) : null,
            Initiator = InitiatorReader.Read(initiator, start, names),
            CancelCallback = Callback(root.Section("cancelCallback")),
        };
        run.Close();
        participant.Close();
        runtime?.Close();
        return bootstrap;
    }

    // A token is for the participant; an agent's id alone is a token of runtimes in development (BS-01).
    static MacpAuth? FlatAuth(JsonSection root, string participant)
    {
        var auth = root.Section("auth");
        var (token, nestedToken, agent, nestedAgent) = (root.Text("auth_token"), auth?.Text("bearer_token"), root.Text("agent_id"), auth?.Text("agent_id"));
        string? expected = auth?.Text("expected_sender");
        auth?.Close();
        return First(token, nestedToken) is { } bearer ? MacpAuth.Bearer(bearer, expected ?? participant)
            : First(agent, nestedAgent) is { } id ? MacpAuth.DevAgent(id) : null;
    }

    static CancelCallbackOptions? Callback(JsonSection? callback)
    {
        if (callback is null) return null;
        var options = new CancelCallbackOptions();
        options = options with
        {
            Host = callback.Text("host") ?? options.Host,
            Port = callback.Number("port") is not { } port ? options.Port : port is >= 0 and <= 65535 ? (int)port : throw callback.Wrong("port", "must be from 0 to 65535"),
            Path = callback.Text("path") ?? options.Path,
            SharedSecret = First(callback.Text("shared_secret"), callback.Text("sharedSecret")),
        };
        callback.Close();
        return options;
    }

    static MacpBootstrap Under(MacpBootstrap bootstrap, Func<string, string?> environment) => bootstrap with
    {
        RuntimeAddress = environment(Address) ?? bootstrap.RuntimeAddress,
        Auth = environment(Token) is { } token ? MacpAuth.Bearer(token, bootstrap.ParticipantId) : bootstrap.Auth,
        Secure = environment(Tls) switch
        {
            null => bootstrap.Secure,
            "true" or "1" => true,
            "false" or "0" => false,
            _ => throw new MacpConfigurationException($"{Tls} must be true or false."),
        },
    };

    static string? First(string? first, string? second) => first ?? second;
}
