using Google.Protobuf;
using Macp.Modes;

namespace Macp.Runtime;

/// <summary>Somebody's wish to cancel, suspend or resume a session, and what may be stored of it: as much as of a message.</summary>
/// <param name="By">Who.</param>
/// <param name="Reason">Why, in their words.</param>
/// <param name="Clock">The time, in Unix milliseconds.</param>
/// <param name="Rates">The rates of senders.</param>
/// <param name="MaxPayloadBytes">The largest payload of a record.</param>
readonly record struct Control(string By, string Reason, long Clock, RateLimiter Rates, int MaxPayloadBytes)
{
    /// <summary>Suspensions and resumptions could go on for ever, and each leaves a record.</summary>
    public Rejection? TakeRate() => Rates.Take(By, isStart: false);

    public Rejection? CheckSize(IMessage payload) => AdmissionRules.CheckPayloadSize(payload.CalculateSize(), MaxPayloadBytes);
}
