using Google.Protobuf;
using Macp.Wire.V1;

namespace Macp.Modes.Standard.Tests.Anomalies;

/// <summary>A history that nobody judged, told to a projection: whatever a broken runtime may have let through.</summary>
sealed class Replayed<TProjection>(string mode, string policyVersion = "")
    where TProjection : IProjection, new()
{
    public const string Lead = "agent://lead", Ana = "agent://ana", Ben = "agent://ben";

    int _messages;

    public TProjection Projection { get; } = new();

    public Replayed<TProjection> Start()
    {
        Fits(Lead, StartPayload());
        return this;
    }

    public SessionStartPayload StartPayload() =>
        new() { ModeVersion = "1.0.0", ConfigurationVersion = "cfg", PolicyVersion = policyVersion, Participants = { Lead, Ana, Ben } };

    /// <summary>A message that follows from what came before.</summary>
    public Replayed<TProjection> Fits(string sender, IMessage payload)
    {
        Assert.Equal(ProjectionResult.Applied, Projection.Apply(Envelope(sender, payload)));
        return this;
    }

    /// <summary>A message that does not: it is reported once, and state and phase are as they were.</summary>
    public Anomaly Contradicts(string sender, IMessage payload) => Contradicts(Envelope(sender, payload), ProjectionResult.Anomalous);

    public Anomaly Contradicts(Envelope envelope, ProjectionResult expected)
    {
        var (state, phase, before) = (Projection.ToJson(), Projection.Phase, Projection.Anomalies.Count);

        Assert.Equal(expected, Projection.Apply(envelope));
        Projection.Apply(envelope.Clone()); // again, since delivery is at least once

        Assert.Equal((state, phase, before + 1), (Projection.ToJson(), Projection.Phase, Projection.Anomalies.Count));
        var anomaly = Projection.Anomalies[^1];
        Assert.Equal((mode, envelope.MessageType, envelope.MessageId, envelope.Sender), (anomaly.Mode, anomaly.MessageType, anomaly.MessageId, anomaly.Sender));
        Assert.NotEmpty(anomaly.Detail);
        return anomaly;
    }

    public Envelope Envelope(string sender, IMessage payload) => new()
    {
        Mode = mode,
        MessageType = payload.Descriptor.Name[..^"Payload".Length],
        MessageId = $"m-{++_messages}",
        SessionId = "s-1",
        Sender = sender,
        Payload = payload.ToByteString(),
    };
}
