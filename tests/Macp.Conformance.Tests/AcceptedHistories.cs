using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Macp.Modes;
using Macp.Modes.MultiRound;
using Macp.Modes.Standard;
using Macp.Runtime;
using Macp.Testing;
using Macp.Wire.V1;

namespace Macp.Conformance.Tests;

/// <summary>
/// The fixtures, policies included, told to a kernel that registers them. Whatever it accepted fits: no projection calls anything of it an
/// anomaly, whether it knows the policy from the start or is told at the end.
/// </summary>
public sealed class AcceptedHistories
{
    const string SessionId = "session-0000000000000000";

    public static TheoryData<string> All => OwnFixtures.All;

    [Theory]
    [MemberData(nameof(All))]
    public async Task Have_no_anomaly(string name)
    {
        var fixture = FixtureReader.Parse(name, OwnFixtures.Read(name));
        var policy = fixture.Policy;
        var history = await AcceptedAsync(fixture, policy);

        IProjection told = New(fixture.Mode), ignorant = New(fixture.Mode);
        if (policy is not null) told.UsePolicy(policy);
        foreach (var envelope in history)
        {
            Assert.Equal(ProjectionResult.Applied, told.Apply(envelope));
            Assert.Equal(ProjectionResult.Applied, ignorant.Apply(envelope));
        }
        Assert.Empty(told.Anomalies.Concat(ignorant.Anomalies));
        if (policy is not null) ignorant.UsePolicy(policy);
        Assert.Equal(told.ToJson(), ignorant.ToJson());
    }

    /// <summary>What the kernel accepts of a fixture, which is what the fixture says.</summary>
    static async Task<IReadOnlyList<Envelope>> AcceptedAsync(Fixture fixture, PolicyDescriptor? policy)
    {
        await using var runtime = new MacpRuntime(BuiltIns.Catalog(), new() { Policies = policy is null ? [] : [policy] });
        var start = new SessionStartPayload
        {
            Participants = { fixture.Participants },
            ModeVersion = fixture.ModeVersion,
            ConfigurationVersion = fixture.ConfigurationVersion,
            PolicyVersion = fixture.PolicyVersion,
            TtlMs = fixture.TtlMs,
        };
        Assert.True((await SendAsync(runtime, fixture, "m0", fixture.Initiator, "SessionStart", start.ToByteString())).Ok);
        foreach (var (i, message) in fixture.Messages.Index())
        {
            var ack = await SendAsync(runtime, fixture, $"m{i + 1}", message.Sender, message.MessageType, Encode(fixture.Mode, message));
            Assert.Equal((i, message.Accepted, message.ErrorCode), (i, ack.Ok, ack.Error?.Code));
        }

        Assert.True((await runtime.SubscribeAsync(new("onlooker") { IsObserver = true }, SessionId, 0)).Succeeded(out var cursor, out _));
        var history = new List<Envelope>();
        while (history.Count <= fixture.Messages.Count(message => message.Accepted) && await cursor.WaitToReadAsync())
            while (cursor.TryRead(out var record)) history.Add(record.Envelope);
        return history;
    }

    static async Task<Ack> SendAsync(MacpRuntime runtime, Fixture fixture, string id, string sender, string type, ByteString payload) => await runtime.SendAsync(new(sender), new()
    {
        MacpVersion = "1.0",
        Mode = fixture.Mode,
        MessageType = type,
        MessageId = id,
        SessionId = SessionId,
        Sender = sender,
        Payload = payload,
    });

    // Fixtures write bytes as text or as a list of numbers, protobuf's JSON as base64.
    static ByteString Encode(string mode, FixtureMessage message)
    {
        var type = BuiltIns.Catalog().All.Where(hosted => hosted.Descriptor.Identifier == mode).SelectMany(hosted => hosted.Descriptor.AllMessageTypes.Select(hosted.Descriptor.PayloadOf))
            .FirstOrDefault(payload => payload!.FullName == message.PayloadType) ?? SignalPayload.Descriptor;
        var json = message.Payload.DeepClone().AsObject();
        foreach (var field in type.Fields.InDeclarationOrder().Where(field => field.FieldType is FieldType.Bytes && json.ContainsKey(field.Name)))
            json[field.Name] = Convert.ToBase64String(json[field.Name] is JsonArray items ? [.. items.Select(item => item!.GetValue<byte>())] : Encoding.UTF8.GetBytes(json[field.Name]!.GetValue<string>()));
        return new JsonParser(JsonParser.Settings.Default.WithIgnoreUnknownFields(true)).Parse(json.ToJsonString(), type).ToByteString();
    }

    static IProjection New(string mode) => mode switch
    {
        "macp.mode.decision.v1" => new DecisionProjection(),
        "macp.mode.proposal.v1" => new ProposalProjection(),
        "macp.mode.task.v1" => new TaskProjection(),
        "macp.mode.handoff.v1" => new HandoffProjection(),
        "macp.mode.quorum.v1" => new QuorumProjection(),
        _ => new MultiRoundProjection(),
    };
}
