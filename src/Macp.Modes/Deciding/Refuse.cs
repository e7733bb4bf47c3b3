using System.Globalization;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Modes;

/// <summary>
/// The refusals that declared rules give, worded once. Generated validators call them; they allocate nothing until a message is refused.
/// </summary>
public static class Refuse
{
    const int LongestQuote = 100;

    /// <summary>A message that only participants may send.</summary>
    public static Rejection NotAParticipant(in MessageContext message) =>
        Rejection.Forbidden($"{message.Type} may be sent by declared participants only; {Quoted(message.Sender)} is not one");

    /// <summary>A message that only the initiator may send.</summary>
    public static Rejection NotTheInitiator(in MessageContext message) =>
        Rejection.Forbidden($"{message.Type} may be sent by the initiator only; {Quoted(message.Sender)} is not it");

    /// <summary>A commitment of somebody who may not commit.</summary>
    public static Rejection MayNotCommit(in MessageContext message) =>
        Rejection.Forbidden($"the bound policy does not let {Quoted(message.Sender)} commit");

    /// <summary>A type that the mode does not have: to a participant the envelope is wrong, to anybody else the door is shut.</summary>
    public static Rejection UnknownType(in MessageContext message, SessionContext session) => session.IsParticipant(message.Sender)
        ? NoSuchType(message, session)
        : Rejection.Forbidden($"{Quoted(message.Type)} may be sent by declared participants only; {Quoted(message.Sender)} is not one");

    /// <summary>A type that the mode does not have, to somebody who may send.</summary>
    public static Rejection NoSuchType(in MessageContext message, SessionContext session) =>
        Rejection.InvalidEnvelope($"{session.Mode} has no message type {Quoted(message.Type)}");

    /// <summary>A field that only the runtime may set.</summary>
    public static Rejection Reserved(string field) => Rejection.InvalidEnvelope($"{field} is set by the runtime only; leave it empty");

    /// <summary>A required field that is blank.</summary>
    public static Rejection Blank(string field) => Rejection.InvalidEnvelope($"{field} must not be blank");

    /// <summary>A value outside its set.</summary>
    public static Rejection NotOneOf(string field, string value, string values) =>
        Rejection.InvalidEnvelope($"{field} must be one of {values}; it is {Quoted(value)}");

    /// <summary>A number outside its range.</summary>
    public static Rejection OutOfRange(string field, double value, double least, double most) =>
        Rejection.InvalidEnvelope($"{field} must be {new Check.InRange(field, least, most).Bounds}; it is {value.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>A name that is not a declared participant's.</summary>
    public static Rejection NamesNoParticipant(string field, string value) =>
        Rejection.InvalidEnvelope($"{field} must name a declared participant; {Quoted(value)} is not one");

    /// <summary>A name that must be somebody else's.</summary>
    public static Rejection NamesTheSender(string field) => Rejection.InvalidEnvelope($"{field} must name somebody other than the sender");

    /// <summary>A name that must be the sender's.</summary>
    public static Rejection NamesSomebodyElse(string field, string value) =>
        Rejection.InvalidEnvelope($"{field} must be empty or name the sender; it names {Quoted(value)}");

    /// <summary>A reference to nothing.</summary>
    public static Rejection Unknown(string field, string value, string table) =>
        Rejection.InvalidEnvelope($"{field} {Quoted(value)} is not among the session's {table}");

    /// <summary>A reference to an entry that is no longer what it must be.</summary>
    public static Rejection NoLonger(string field, string value, string condition) =>
        Rejection.InvalidEnvelope($"{field} {Quoted(value)} does not satisfy {condition} any more");

    /// <summary>A message about an entry that somebody else must send.</summary>
    public static Rejection NotBy(in MessageContext message, string field, string value, string by) =>
        Rejection.Forbidden($"{message.Type} about {field} {Quoted(value)} may be sent only by its {by}; {Quoted(message.Sender)} is not it");

    /// <summary>A message outside its phases.</summary>
    public static Rejection WrongPhase<TPhase>(in MessageContext message, TPhase phase)
        where TPhase : struct, Enum => Rejection.InvalidEnvelope($"{message.Type} is not accepted in phase {phase}");

    /// <summary>A key that exists already.</summary>
    public static Rejection NotUnique(string field, string value, string table) =>
        Rejection.InvalidEnvelope($"{field} {Quoted(value)} is already among the session's {table}");

    /// <summary>A second message of a type that a session takes once.</summary>
    public static Rejection AlreadySent(in MessageContext message) =>
        Rejection.InvalidEnvelope($"a session accepts one {message.Type}; the first stands");

    /// <summary>A sender's second message of a kind that it may send once.</summary>
    public static Rejection AlreadySentBySender(in MessageContext message) =>
        Rejection.InvalidEnvelope($"{Quoted(message.Sender)} has already answered with {message.Type} or its like; the first stands");

    /// <summary>A start with too few participants.</summary>
    public static Rejection TooFewParticipants(int least) => Rejection.InvalidEnvelope($"participants must name at least {least}");

    /// <summary>A commitment that the policy denies; null when it has no reason to.</summary>
    public static Rejection? Denied(IEnumerable<string> reasons) => reasons.ToArray() is { Length: > 0 } all ? Rejection.PolicyDenied(all) : null;

    /// <summary>A commitment to what is committed already.</summary>
    public static Rejection AlreadyCommitted() => new(ErrorCode.SessionNotOpen, "the session is committed already");

    /// <summary>A message to a session that takes none: it is suspended, or has ended (RFC-MACP-0001 section 8).</summary>
    public static Rejection NotOpen(SessionState state) => new(ErrorCode.SessionNotOpen, $"the session is not open: it is {Name(state)}");

    /// <summary>A resume of a session that is not suspended.</summary>
    public static Rejection NotSuspended(SessionState state) => new(ErrorCode.SessionNotOpen, $"the session is not suspended: it is {Name(state)}");

    static string Name(SessionState state) => state switch
    {
        SessionState.Open => "open",
        SessionState.Suspended => "suspended",
        SessionState.Resolved => "resolved",
        SessionState.Expired => "expired",
        _ => "cancelled",
    };

    /// <summary>What a client sent, in quotes, and cut where it is long: a refusal must not be as large as what it refuses.</summary>
    internal static string Quoted(string value) => $"'{Cut(value, LongestQuote)}'";

    /// <summary>A text cut where it is long, and not in the middle of a character.</summary>
    internal static string Cut(string value, int most)
    {
        if (value.Length <= most) return value;
        int end = char.IsHighSurrogate(value[most - 1]) ? most - 1 : most;
        return $"{value.AsSpan(0, end)}...";
    }
}
