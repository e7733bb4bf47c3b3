using Macp.Wire.V1;

namespace Macp.Server.Tests;

/// <summary>A mode of which the runtime knows the descriptor only.</summary>
static class Standup
{
    public const string Mode = "ext.standup.v1";

    public static ModeDescriptor Descriptor() => new()
    {
        Mode = Mode, ModeVersion = "1.0.0", Title = "Stand-up", DeterminismClass = "whatever", ParticipantModel = "circle",
        MessageTypes = { "SessionStart", "Status", "Commitment" }, TerminalMessageTypes = { "Commitment" },
        SchemaUris = { ["json"] = "https://example.com/standup.json" },
    };

    public static Envelope Start(string session, Action<SessionStartPayload>? change = null, string mode = Mode) =>
        Envelopes.Start(session, change).With(e => e.Mode = mode);

    public static async Task<RegisterExtModeResponse> RegisterAsync(this TestRuntime runtime, ModeDescriptor descriptor) =>
        await runtime.Channel.UnaryAsync(Rpc.RegisterExtMode, new() { ModeDescriptor = descriptor }, Rpc.As("ops")).Happens();

    public static async Task<UnregisterExtModeResponse> UnregisterAsync(this TestRuntime runtime, string mode) =>
        await runtime.Channel.UnaryAsync(Rpc.UnregisterExtMode, new() { Mode = mode }, Rpc.As("ops")).Happens();

    public static async Task<PromoteModeResponse> PromoteAsync(this TestRuntime runtime, string mode, string name) =>
        await runtime.Channel.UnaryAsync(Rpc.PromoteMode, new() { Mode = mode, PromotedModeName = name }, Rpc.As("ops")).Happens();
}
