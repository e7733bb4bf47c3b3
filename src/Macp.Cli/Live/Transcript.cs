using System.Globalization;
using Macp.Client;
using Macp.Modes;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Cli.Live;

/// <summary>Writes what is said in a session, a line for each message.</summary>
sealed class Transcript
{
    const int Widest = 32;

    readonly TextWriter _output;
    readonly bool _json;
    readonly PayloadRegistry _payloads;
    readonly int _sender, _type;

    public Transcript(TextWriter output, SessionInfo session, ModeCatalog modes, bool json)
    {
        var mode = (modes.Find(session.Mode, session.ModeVersion) ?? modes.Newest(session.Mode))?.Descriptor;
        (_output, _json, _payloads) = (output, json, PayloadText.Of(modes, session.Mode, session.ModeVersion));
        _sender = Math.Min(Widest, session.Participants.Append(session.Initiator).Max(name => name.Length));
        _type = Math.Min(Widest, MessageTypes.Annotations.Concat(mode?.AllMessageTypes ?? []).Max(type => type.Length));
    }

    public Task WriteAsync(SessionStreamItem item) => item switch
    {
        SessionStreamItem.Accepted accepted => WriteAsync(accepted.Envelope, accepted.Ordinal),
        SessionStreamItem.Annotation annotation => WriteAsync(annotation.Envelope, null),
        _ => Task.CompletedTask,
    };

    Task WriteAsync(Envelope envelope, ulong? ordinal) => _json
        ? _output.RawLineAsync(WireJson.Of(envelope, ordinal, _payloads.JsonOf(envelope)))
        : _output.LineAsync(
            (ordinal?.ToString(CultureInfo.InvariantCulture) ?? "-").PadLeft(4), Moment.Of(envelope.TimestampUnixMs),
            envelope.Sender.PadRight(_sender), envelope.MessageType.PadRight(_type), _payloads.Of(envelope));
}
