using Google.Protobuf;
using Google.Protobuf.Reflection;
using Macp.Wire.V1;

namespace Macp.Server.Tests.Fuzzing;

/// <summary>A valid request of each method, with every field.</summary>
static class Requests
{
    // Few names: a registry never forgets what a name stood for.
    const int Names = 8;

    public static string ModeName(int n) => $"ext.fuzz{n}.v1";

    public static string PolicyName(int n) => $"policy.fuzz{n}";

    /// <param name="random">Chooses names.</param>
    /// <param name="method">The method.</param>
    /// <param name="session">The session that it is about.</param>
    /// <param name="envelope">The message that it carries.</param>
    public static IMessage Of(Random random, MethodDescriptor method, string session, Envelope envelope) => method.Name switch
    {
        "Initialize" => new InitializeRequest
        {
            SupportedProtocolVersions = { "1.0", "0.9" },
            ClientInfo = new() { Name = "fuzz", Title = "Fuzz", Version = "1", Description = "tries", WebsiteUrl = "https://example.com" },
            Capabilities = new() { Sessions = new() { Stream = true }, Roots = new() { ListRoots = true }, Experimental = new() { Features = { ["a"] = "b" } } },
        },
        "Send" => new SendRequest { Envelope = envelope },
        "StreamSession" => random.Next(2) == 0 ? new StreamSessionRequest { SubscribeSessionId = session, AfterSequence = 1 } : new() { Envelope = envelope },
        "GetSession" => new GetSessionRequest { SessionId = session },
        "CancelSession" => new CancelSessionRequest { SessionId = session, Reason = "enough" },
        "SuspendSession" => new SuspendSessionRequest { SessionId = session, Reason = "lunch" },
        "ResumeSession" => new ResumeSessionRequest { SessionId = session, Reason = "back" },
        "GetManifest" => new GetManifestRequest { AgentId = "macp-runtime" },
        "ListSessions" => new ListSessionsRequest { PageSize = 3, PageToken = "abc" },
        "RegisterExtMode" => new RegisterExtModeRequest { ModeDescriptor = Mode(ModeName(random.Next(Names))) },
        "UnregisterExtMode" => new UnregisterExtModeRequest { Mode = ModeName(random.Next(Names)) },
        "PromoteMode" => new PromoteModeRequest { Mode = ModeName(random.Next(Names)), PromotedModeName = ModeName(100 + random.Next(Names)) },
        "RegisterPolicy" => new RegisterPolicyRequest { PolicyDescriptor = Policy(random.Next(Names)) },
        "UnregisterPolicy" => new UnregisterPolicyRequest { PolicyId = PolicyName(random.Next(Names)) },
        "GetPolicy" => new GetPolicyRequest { PolicyId = PolicyName(random.Next(Names)) },
        "ListPolicies" => new ListPoliciesRequest { Mode = Envelopes.Mode },
        _ => method.InputType.Parser.ParseFrom(ByteString.Empty),
    };

    /// <summary>A Signal, or a Progress of a session.</summary>
    public static Envelope Ambient(Random random, string session) => random.Next(2) == 0
        ? new() { MacpVersion = "1.0", MessageType = "Signal", MessageId = "signal", Payload = new SignalPayload { SignalType = "hello", Data = ByteString.CopyFrom(1), Confidence = 0.5, CorrelationSessionId = session }.ToByteString() }
        : new() { MacpVersion = "1.0", Mode = Envelopes.Mode, MessageType = "Progress", MessageId = "progress", SessionId = session, Payload = new ProgressPayload { ProgressToken = "t", Progress = 1, Total = 2, Message = "half", TargetMessageId = "m1" }.ToByteString() };

    static ModeDescriptor Mode(string name) => new()
    {
        Mode = name, ModeVersion = "1.0.0", Title = "Fuzz", Description = "anything", DeterminismClass = "whatever", ParticipantModel = "circle",
        MessageTypes = { "SessionStart", "Status", "Commitment" }, TerminalMessageTypes = { "Commitment" }, SchemaUris = { ["json"] = "https://example.com/fuzz.json" },
    };

    static PolicyDescriptor Policy(int n) => new()
    {
        PolicyId = PolicyName(n), Mode = Envelopes.Mode, Description = "a policy", SchemaVersion = 3, RegisteredAtUnixMs = 1,
        Rules = """{"voting":{"algorithm":"majority","threshold":60,"quorum":{"type":"count","value":2},"weights":{"alice":2.5}},"commitment":{"authority":"initiator_only"}}""",
    };
}
