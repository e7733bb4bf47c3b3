using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>What a call is about, read from its request; and the ack in its response.</summary>
readonly record struct CallSubject(string SessionId, string Mode = "", string MessageType = "", string MessageId = "")
{
    public static CallSubject Of(object request) => request switch
    {
        SendRequest { Envelope: { } envelope } => new(envelope.SessionId, envelope.Mode, envelope.MessageType, envelope.MessageId),
        GetSessionRequest get => new(get.SessionId),
        CancelSessionRequest cancel => new(cancel.SessionId),
        SuspendSessionRequest suspend => new(suspend.SessionId),
        ResumeSessionRequest resume => new(resume.SessionId),
        _ => new(""),
    };

    /// <summary>The ack of a response; null for those that have none.</summary>
    public static Ack? AckIn(object response) => response switch
    {
        SendResponse sent => sent.Ack,
        CancelSessionResponse cancelled => cancelled.Ack,
        SuspendSessionResponse suspended => suspended.Ack,
        ResumeSessionResponse resumed => resumed.Ack,
        _ => null,
    };

    /// <summary>The code of a negative ack; null when the response is none.</summary>
    public static string? NackIn(object response) => AckIn(response) is { Ok: false, Duplicate: false } ack ? ack.Error?.Code ?? "UNKNOWN" : null;
}
