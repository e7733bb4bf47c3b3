using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Modes;

/// <summary>
/// The payload types by mode and message type. The protocol's own messages mean the same in every mode; a mode's own are added with its descriptor. Filled once;
/// then safe for threads.
/// </summary>
public sealed class PayloadRegistry
{
    static readonly Dictionary<string, MessageDescriptor> Core = new(StringComparer.Ordinal)
    {
        [MessageTypes.SessionStart] = SessionStartPayload.Descriptor,
        [MessageTypes.Commitment] = CommitmentPayload.Descriptor,
        [MessageTypes.SessionCancel] = SessionCancelPayload.Descriptor,
        [MessageTypes.SessionSuspend] = SessionSuspendPayload.Descriptor,
        [MessageTypes.SessionResume] = SessionResumePayload.Descriptor,
        [MessageTypes.Signal] = SignalPayload.Descriptor,
        [MessageTypes.Progress] = ProgressPayload.Descriptor,
    };

    static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    readonly Dictionary<(string Mode, string Type), MessageDescriptor> _types = [];
    readonly Dictionary<string, HostedMode> _modes = new(StringComparer.Ordinal);

    /// <summary>A registry of the newest version of each mode.</summary>
    public static PayloadRegistry Of(ModeCatalog modes)
    {
        var registry = new PayloadRegistry();
        foreach (string mode in modes.All.Select(mode => mode.Descriptor.Identifier).Distinct(StringComparer.Ordinal)) registry.Add(modes.Newest(mode)!);
        return registry;
    }

    /// <summary>Adds the messages of a mode.</summary>
    /// <inheritdoc cref="Add(string, string, MessageDescriptor)" path="/exception"/>
    public PayloadRegistry Add<TMode>()
        where TMode : IMode => Add(new HostedMode(TMode.Descriptor, TMode.Open, TMode.Governance));

    /// <inheritdoc cref="Add{TMode}"/>
    public PayloadRegistry Add(HostedMode mode)
    {
        Add(mode.Descriptor);
        _modes.Add(mode.Descriptor.Identifier, mode);
        return this;
    }

    /// <summary>Adds the messages of a mode of which only the descriptor is there: payloads in an older form than protobuf's cannot be read then.</summary>
    /// <inheritdoc cref="Add(string, string, MessageDescriptor)" path="/exception"/>
    public PayloadRegistry Add(ModeDescriptor mode)
    {
        foreach (var message in mode.Messages) Add(mode.Identifier, message.Type, message.Payload);
        return this;
    }

    /// <summary>Adds one message of a mode.</summary>
    /// <param name="mode">The mode's identifier.</param>
    /// <param name="messageType">The message type.</param>
    /// <param name="payload">The payload's type: its generated class has it as <c>Descriptor</c>.</param>
    /// <exception cref="InvalidOperationException">The mode has a message of this type already.</exception>
    public PayloadRegistry Add(string mode, string messageType, MessageDescriptor payload) => _types.TryAdd((mode, messageType), payload)
        ? this
        : throw new InvalidOperationException($"The payload of {messageType} in {mode} is registered already; remove one of the two Add calls.");

    /// <summary>The payload's type: the mode's own, else the protocol's, which every mode has; null where neither is known.</summary>
    public MessageDescriptor? Find(string mode, string messageType) => _types.GetValueOrDefault((mode, messageType)) ?? Core.GetValueOrDefault(messageType);

    /// <summary>The payload of a message, of JSON by the names of the .proto file.</summary>
    /// <param name="mode">The mode's identifier; anything for the protocol's own messages.</param>
    /// <param name="messageType">The message type.</param>
    /// <param name="json">The text: one object, and nothing behind it.</param>
    /// <exception cref="KeyNotFoundException">The type is not known.</exception>
    /// <exception cref="JsonFormException">It is not JSON, or not of that type; the text names the place.</exception>
    public IMessage Encode(string mode, string messageType, string json) => Find(mode, messageType) is { } type
        ? MessageJson.Parse(type, json, "payload")
        : throw new KeyNotFoundException($"The payload of '{messageType}' in '{mode}' is not known here.");

    /// <summary>The payload of an envelope, whatever its form; null where its type is not known, or the bytes are not of that type.</summary>
    public IMessage? Decode(Envelope envelope) => Find(envelope.Mode, envelope.MessageType) is { } type ? Decode(envelope, type) : null;

    /// <summary>The payload of an envelope, where it is of this type.</summary>
    public bool TryDecode<TPayload>(Envelope envelope, [NotNullWhen(true)] out TPayload? payload)
        where TPayload : class, IMessage<TPayload> => (payload = Decode(envelope) as TPayload) is not null;

    /// <summary>The payload of an envelope, for people and scripts. It never fails, whatever the bytes.</summary>
    public PayloadView View(Envelope envelope)
    {
        try
        {
            if (Decode(envelope) is { } message) return new(PayloadForm.Message, Formatter.Format(message), message);
        }
        catch (InvalidOperationException)
        {
            // A google.protobuf.Any, whose type is not known here.
        }
        return ViewOf(envelope.Payload);
    }

    /// <summary>The envelope as canonical JSON, its payload readable where its type is known.</summary>
    /// <inheritdoc cref="EnvelopeJson.ToUtf8" path="/exception"/>
    public string ToJson(Envelope envelope) => EnvelopeJson.ToText(envelope, Find(envelope.Mode, envelope.MessageType));

    /// <summary>The envelope of JSON.</summary>
    /// <inheritdoc cref="EnvelopeJson.Parse" path="/exception"/>
    public Envelope FromJson(string json) => EnvelopeJson.Parse(json, Find);

    IMessage? Decode(Envelope envelope, MessageDescriptor type)
    {
        var shape = WireShape.Of(type);
        if (!shape.HasOnlyKnownFields(envelope.Payload.Span) && Recall(envelope) is { } older) return older;
        if (shape.Check(envelope.Payload.Span) is not WireFault.None) return null;
        try
        {
            return type.Parser.ParseFrom(envelope.Payload);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    // Only the mode itself knows the older forms of its payloads. It reads them without a word about the session.
    IMessage? Recall(Envelope envelope)
    {
        if (!_types.ContainsKey((envelope.Mode, envelope.MessageType)) || !_modes.TryGetValue(envelope.Mode, out var mode)) return null;
        try
        {
            return mode.Open(new(envelope, new())).Recall(MessageContext.Of(envelope), envelope.Payload);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    static PayloadView ViewOf(ByteString payload)
    {
        if (payload.IsEmpty) return new(PayloadForm.Empty, "");
        if (!System.Text.Unicode.Utf8.IsValid(payload.Span)) return new(PayloadForm.Binary, payload.ToBase64());
        string text = payload.ToStringUtf8();
        if (IsJson(payload.Span)) return new(PayloadForm.Json, text);
        return IsPlain(text) ? new(PayloadForm.Text, text) : new(PayloadForm.Binary, payload.ToBase64());
    }

    // A short protobuf message is UTF-8 more often than not; its tags and lengths are control characters, which nobody writes.
    static bool IsPlain(string text) => !text.Any(c => char.IsControl(c) && c is not ('\t' or '\n' or '\r'));

    static bool IsJson(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        try
        {
            while (reader.Read()) { }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
