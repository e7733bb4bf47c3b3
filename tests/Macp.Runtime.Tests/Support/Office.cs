using Google.Protobuf;
using Macp.Modes;
using Macp.Modes.Standard;
using Macp.Protocol;
using Macp.Wire.V1;
using ModeDescriptor = Macp.Modes.ModeDescriptor;

namespace Macp.Runtime.Tests;

/// <summary>A runtime with the governed modes, its clock and its history.</summary>
sealed class Office
{
    public const string Session = "session-0000000000000000";
    public static readonly Identity Ada = new("ada"), Bob = new("bob"), Cyd = new("cyd"), Stranger = new("mallory");
    public static readonly Identity Ops = new("ops") { CanManageModeRegistry = true };

    int _ids;

    public Office(IReadOnlyList<PolicyDescriptor>? policies = null, IHistory? history = null)
    {
        var options = new MacpRuntimeOptions { MessageLimitPerMinute = int.MaxValue, SessionStartLimitPerMinute = int.MaxValue, Policies = policies };
        Runtime = new(new ModeCatalog().Add<DecisionMode>().Add<TaskMode>().Add<HandoffMode>(), options, history ?? History, Time);
        Runtime.Faulted += (_, fault) => Faults.Add(fault);
    }

    public FakeTime Time { get; } = new();

    public ManualHistory History { get; } = new();

    public MacpRuntime Runtime { get; }

    public List<Exception> Faults { get; } = [];

    public IReadOnlyList<HistoryRecord> Records => History.Of(Session);

    public string Types => Expect.Types(Records);

    public async Task<RegisterPolicyResponse> RegisterAsync(PolicyDescriptor policy) => Answer(await Runtime.Policies.RegisterAsync(Ops, policy));

    public async Task<UnregisterPolicyResponse> UnregisterAsync(string id) => Answer(await Runtime.Policies.UnregisterAsync(Ops, id));

    public IEnumerable<string> Ids(string mode = "") => Answer(Runtime.Policies.List(Ada, mode)).Descriptors.Select(policy => policy.PolicyId);

    public PolicyDescriptor Get(string id) => Answer(Runtime.Policies.Get(Ada, id)).PolicyDescriptor;

    public static T Answer<T>(Outcome<T> outcome)
        where T : class
    {
        Assert.True(outcome.Succeeded(out var value, out var failure), failure?.Message);
        return value;
    }

    /// <summary>Ada starts a session of a minute with Ada, Bob and Cyd.</summary>
    public async Task<Ack> StartAsync(ModeDescriptor mode, string policy = "", string session = Session, string[]? participants = null) =>
        await SendAsync(Ada, new SessionStartPayload
        {
            ModeVersion = "1.0.0", ConfigurationVersion = "cfg", PolicyVersion = policy, TtlMs = 60_000, Participants = { participants ?? ["ada", "bob", "cyd"] },
        }, mode, session: session);

    public async Task<Ack> SendAsync(Identity sender, IMessage payload, ModeDescriptor mode, string? id = null, string session = Session) =>
        await Runtime.SendAsync(sender, Envelope(sender, payload, mode, id, session));

    public Envelope Envelope(Identity sender, IMessage payload, ModeDescriptor mode, string? id = null, string session = Session) => new()
    {
        MacpVersion = "1.0",
        Mode = mode.Identifier,
        MessageType = payload.Descriptor.Name[..^"Payload".Length],
        MessageId = id ?? $"m{Interlocked.Increment(ref _ids)}",
        SessionId = session,
        Sender = sender.Sender,
        Payload = payload.ToByteString(),
    };

    public static CommitmentPayload Commitment(bool positive) => new()
    {
        CommitmentId = "c", Action = "the-outcome", AuthorityScope = "test", Reason = "so it came", ModeVersion = "1.0.0", ConfigurationVersion = "cfg", OutcomePositive = positive,
    };

    /// <summary>What is held back is lost, and the session folded again from what is left.</summary>
    public async Task LoseAsync(Func<Task<Ack>> send)
    {
        History.Holds = true;
        var lost = send();
        History.Lose();
        Expect.Code(ErrorCode.InternalError, await lost);
        History.Holds = false;
        Faults.Clear();
    }
}
