using Macp.Grpc;
using Macp.Wire.V1;

namespace Macp.Server.Tests;

/// <summary>All that can be asked of the service, in its order: each method, and each kind of thing that it takes where that is a matter of permission.</summary>
static class Deeds
{
    static readonly GrpcMethod<RegisterPolicyRequest, RegisterPolicyResponse> RegisterPolicy = Rpc.Of<RegisterPolicyRequest, RegisterPolicyResponse>("RegisterPolicy");

    static readonly Func<string, Envelope> Start = session => Stage.Start(session, Stage.Designating);
    static readonly Func<string, Envelope> Evaluation = session => Envelopes.Evaluation(session);
    static readonly Func<string, Envelope> Again = Stage.Proposal;
    static readonly Func<string, Envelope> Progress = session => Envelopes.Of(session, "Progress");
    static readonly Func<string, Envelope> OwnType = session => Envelopes.Of(session, "SessionCancel", new SessionCancelPayload { Reason = "enough", CancelledBy = "initiator" });
    static readonly Func<string, Envelope> Disguised = session => Envelopes.Evaluation(session).With(e => e.Sender = "somebody else");
    static readonly Func<string, Envelope> Signal = _ => Envelopes.Of("", "Signal", mode: "");

    public static readonly Deed[] All =
    [
        Always("Initialize", (stage, ask) => stage.CallAsync(Rpc.Initialize, new() { SupportedProtocolVersions = { "1.0" } }, ask.Caller)),

        Sent("of a `SessionStart`", Start) with { Changes = true },
        Sent("of a message of the mode", Evaluation),
        Sent("of the message that the participant sent before", Again),
        Sent("of a `Commitment`, where the policy names who commits", Stage.Commitment) with { Changes = true },
        Sent("of a `Commitment`, under the default policy", Stage.Commitment) with { Changes = true, Policy = "" },
        Sent("of a `Progress` of the session", Progress),
        Sent("of a type that is the runtime's own", OwnType),
        Sent("of a message that names another as its sender", Disguised),
        Always("Send", (stage, ask) => stage.SendAsync(ask.Caller, Signal("")), "of a `Signal`"),

        Always("StreamSession", (stage, ask) => stage.StreamAsync(ask.Caller, null, isEchoed: false), "that is opened"),
        OfSession("StreamSession", (stage, ask) => stage.StreamAsync(ask.Caller, new() { SubscribeSessionId = ask.Session }), "with a subscription"),
        Streamed("with a `SessionStart`", Start) with { Changes = true },
        Streamed("with a message of the mode", Evaluation),
        Streamed("with the message that the participant sent before", Again, isEchoed: false),
        Streamed("with a `Commitment`, where the policy names who commits", Stage.Commitment) with { Changes = true },
        Streamed("with a `Commitment`, under the default policy", Stage.Commitment) with { Changes = true, Policy = "" },
        Streamed("with a `Progress` of the session", Progress, isEchoed: false),
        Streamed("with a type that is the runtime's own", OwnType),
        Streamed("with a message that names another as its sender", Disguised),
        Always("StreamSession", (stage, ask) => stage.StreamAsync(ask.Caller, new() { Envelope = Signal("") }, isEchoed: false), "with a `Signal`"),

        OfSession("GetSession", (stage, ask) => stage.CallAsync(Rpc.GetSession, new() { SessionId = ask.Session }, ask.Caller)),
        OfSession("CancelSession", (stage, ask) => stage.CallAsync(Rpc.CancelSession, new() { SessionId = ask.Session }, ask.Caller, answer => Answers.Of(answer.Ack))) with { Changes = true },
        OfSession("SuspendSession", (stage, ask) => stage.CallAsync(Rpc.SuspendSession, new() { SessionId = ask.Session }, ask.Caller, answer => Answers.Of(answer.Ack))) with { Changes = true },
        OfSession("ResumeSession", (stage, ask) => stage.CallAsync(Rpc.ResumeSession, new() { SessionId = ask.Session }, ask.Caller, answer => Answers.Of(answer.Ack))) with { Changes = true },

        Always("GetManifest", (stage, ask) => stage.CallAsync(Rpc.Of<GetManifestRequest, GetManifestResponse>("GetManifest"), new(), ask.Caller)),
        Always("ListModes", (stage, ask) => stage.CallAsync(Rpc.ListModes, new(), ask.Caller)),
        Always("WatchModeRegistry", (stage, ask) => stage.WatchAsync(Rpc.WatchModeRegistry, ask.Caller)),
        Always("ListRoots", (stage, ask) => stage.CallAsync(Rpc.Of<ListRootsRequest, ListRootsResponse>("ListRoots"), new(), ask.Caller)),
        Always("WatchRoots", (stage, ask) => stage.WatchAsync(Rpc.Of<WatchRootsRequest, WatchRootsResponse>("WatchRoots"), ask.Caller)),
        Always("ListExtModes", (stage, ask) => stage.CallAsync(Rpc.ListExtModes, new(), ask.Caller)),
        Always("RegisterExtMode", (stage, ask) => stage.CallAsync(Rpc.RegisterExtMode, new() { ModeDescriptor = Mode("registered") }, ask.Caller, answer => Answers.Of(answer.Ok))),
        Always("UnregisterExtMode", async (stage, ask) =>
        {
            string mode = await RegisteredAsync(stage, ask.Caller);
            return await stage.CallAsync(Rpc.UnregisterExtMode, new() { Mode = mode }, ask.Caller, answer => Answers.Of(answer.Ok));
        }),
        Always("PromoteMode", async (stage, ask) =>
        {
            string mode = await RegisteredAsync(stage, ask.Caller);
            return await stage.CallAsync(Rpc.PromoteMode, new() { Mode = mode }, ask.Caller, answer => Answers.Of(answer.Ok));
        }),

        Told("WatchSignals", Hearing.Progress, "of a `Progress` that the participant sent"),
        Always("WatchSignals", (stage, ask) => Task.FromResult(stage.Hearing.Of(Hearing.Progress, ask.Caller, "")), "of a `Signal`"),
        Told("ListSessions", Hearing.Listed),
        Told("ListSessions", Hearing.ListedFinished, "with `macp-include-finished: 1`"),
        Told("WatchSessions", Hearing.There, "of what it finds"),
        Told("WatchSessions", Hearing.Happened, "of what happens"),

        Always("RegisterPolicy", (stage, ask) => stage.CallAsync(RegisterPolicy, new() { PolicyDescriptor = Policy("registered") }, ask.Caller, answer => Answers.Of(answer.Ok))),
        Always("UnregisterPolicy", async (stage, ask) =>
        {
            var policy = Policy("unregistered." + ask.Caller);
            Assert.Equal(Answers.Ok, await stage.CallAsync(RegisterPolicy, new() { PolicyDescriptor = policy }, Callers.Manager, answer => Answers.Of(answer.Ok)));
            return await stage.CallAsync(
                Rpc.Of<UnregisterPolicyRequest, UnregisterPolicyResponse>("UnregisterPolicy"), new() { PolicyId = policy.PolicyId }, ask.Caller, answer => Answers.Of(answer.Ok));
        }),
        Always("GetPolicy", (stage, ask) => stage.CallAsync(Rpc.Of<GetPolicyRequest, GetPolicyResponse>("GetPolicy"), new() { PolicyId = Stage.Designating }, ask.Caller)),
        Always("ListPolicies", (stage, ask) => stage.CallAsync(Rpc.Of<ListPoliciesRequest, ListPoliciesResponse>("ListPolicies"), new(), ask.Caller)),
        Always("WatchPolicies", (stage, ask) => stage.WatchAsync(Rpc.WatchPolicies, ask.Caller)),
    ];

    static Deed Always(string method, Func<Stage, Ask, Task<string>> ask, string what = "") => new(method, what, ask);

    static Deed OfSession(string method, Func<Stage, Ask, Task<string>> ask, string what = "") => new(method, what, ask) { OfSession = true };

    static Deed Sent(string what, Func<string, Envelope> envelope) => OfSession("Send", (stage, ask) => stage.SendAsync(ask.Caller, envelope(ask.Session)), what);

    static Deed Streamed(string what, Func<string, Envelope> envelope, bool isEchoed = true) =>
        OfSession("StreamSession", (stage, ask) => stage.StreamAsync(ask.Caller, new() { Envelope = envelope(ask.Session) }, isEchoed), what);

    static Deed Told(string method, string how, string what = "") => OfSession(method, (stage, ask) => Task.FromResult(stage.Hearing.Of(how, ask.Caller, ask.Session)), what);

    static ModeDescriptor Mode(string name)
    {
        var mode = Standup.Descriptor();
        mode.Mode = $"ext.{name}_{Guid.NewGuid():n}.v1";
        return mode;
    }

    static async Task<string> RegisteredAsync(Stage stage, string caller)
    {
        var mode = Mode("for_" + caller);
        Assert.Equal(Answers.Ok, await stage.CallAsync(Rpc.RegisterExtMode, new() { ModeDescriptor = mode }, Callers.Manager, answer => Answers.Of(answer.Ok)));
        return mode.Mode;
    }

    static PolicyDescriptor Policy(string name) => new() { PolicyId = $"policy.{name}.{Guid.NewGuid():n}", Mode = "*", SchemaVersion = 3, Rules = "{}" };
}
