using Google.Protobuf;
using Macp.Protocol;

namespace Macp.Modes;

/// <summary>Reads payloads as strictly as the protocol asks: text is UTF-8, numbers are finite (decisions on rule order, step b).</summary>
/// <typeparam name="TPayload">The payload's message type.</typeparam>
public sealed class PayloadReader<TPayload>
    where TPayload : class, IMessage<TPayload>, new()
{
    readonly MessageParser<TPayload> _parser = new(static () => new TPayload());
    readonly WireShape _shape = WireShape.Of(new TPayload().Descriptor);
    readonly Legacy? _legacy;

    /// <summary>A reader of protobuf payloads.</summary>
    /// <param name="legacy">Reads an older form, or answers null; see <see cref="LegacyPayloadAttribute"/>.</param>
    public PayloadReader(Legacy? legacy = null) => _legacy = legacy;

    /// <summary>Reads an older form of the payload, or answers null.</summary>
    public delegate TPayload? Legacy(ReadOnlySpan<byte> payload);

    /// <summary>
    /// The payload, or why it cannot be read. An empty payload is one whose fields are all unset; where there is an older form, it is in neither.
    /// </summary>
    public Rejection? Read(ByteString bytes, out TPayload payload)
    {
        var fault = _shape.Check(bytes.Span);
        var read = fault is WireFault.None ? Parse(bytes) : null;
        if (_legacy is not null && !IsCanonical(read, bytes))
        {
            if (_legacy(bytes.Span) is { } older) (read, fault) = (older, _shape.Check(older.ToByteString().Span));
            else if (bytes.IsEmpty) read = null;
        }
        payload = read!;
        return read is null || fault is not WireFault.None ? Unreadable(fault) : null;
    }

    /// <summary>The payload of a message that was accepted once.</summary>
    /// <exception cref="InvalidDataException">The bytes cannot be read: no runtime accepted them.</exception>
    public TPayload Recall(ByteString bytes) => Read(bytes, out var payload) is { } unreadable ? throw new InvalidDataException(unreadable.Reason) : payload;

    TPayload? Parse(ByteString bytes)
    {
        try
        {
            // Of the span, which needs no stream around it.
            return _parser.ParseFrom(bytes.Span);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    // The canonical form of the declared fields: bytes that the parser only carries along say nothing of the payload.
    bool IsCanonical(TPayload? parsed, ByteString bytes) =>
        parsed is not null && !bytes.IsEmpty && _shape.HasOnlyKnownFields(bytes.Span) && parsed.ToByteString().Equals(bytes);

    static Rejection Unreadable(WireFault fault) => Rejection.InvalidEnvelope(fault switch
    {
        WireFault.InvalidUtf8 => "the payload has text that is not valid UTF-8",
        WireFault.NotFinite => "the payload has a number that is not finite",
        _ => $"the payload is not a {new TPayload().Descriptor.FullName}",
    });
}
