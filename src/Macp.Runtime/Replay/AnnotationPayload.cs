using Google.Protobuf;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Runtime;

/// <summary>The payload of an annotation as the runtime would write it now.</summary>
/// <param name="By">Who asked for it; null where the runtime needs nobody to ask.</param>
/// <param name="Bytes">The payload.</param>
sealed record AnnotationPayload(string? By, ByteString Bytes)
{
    /// <summary>Reads a stored one; null for what no runtime writes. What somebody asked for is taken from it, and what follows from the clocks is not.</summary>
    public static AnnotationPayload? Read(HistoryRecord annotation, in SessionTimes times)
    {
        try
        {
            switch (annotation.MessageType)
            {
                case MessageTypes.SessionSuspend:
                    return Of(SessionSuspendPayload.Parser.ParseFrom(annotation.Payload), static suspend => suspend.SuspendedBy);
                case MessageTypes.SessionResume:
                    var resume = SessionResumePayload.Parser.ParseFrom(annotation.Payload);
                    resume.BankedMs = times.SuspendedFor(annotation.AcceptedAtUnixMs);
                    return Of(resume, static resume => resume.ResumedBy);
                case MessageTypes.SessionCancel:
                    return Of(SessionCancelPayload.Parser.ParseFrom(annotation.Payload), static cancel => cancel.CancelledBy);
                case MessageTypes.TtlExpired:
                    return new(null, ByteString.Empty);
                default:
                    return null;
            }
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    static AnnotationPayload Of<T>(T payload, Func<T, string> by)
        where T : IMessage => new(by(payload), payload.ToByteString());
}
