namespace Macp.Protocol;

/// <summary>
/// A code of the protocol's error registry, as it stands in <c>MACPError.code</c>. A runtime newer than this library may send
/// others, so this is a named string and not an enumeration.
/// </summary>
/// <param name="Value">The code as it travels.</param>
public readonly record struct ErrorCode(string Value)
{
    /// <summary>The envelope's <c>macp_version</c> is not one this runtime speaks.</summary>
    public static ErrorCode UnsupportedProtocolVersion { get; } = new("UNSUPPORTED_PROTOCOL_VERSION");

    /// <summary>The envelope or its payload breaks a rule that has no code of its own.</summary>
    public static ErrorCode InvalidEnvelope { get; } = new("INVALID_ENVELOPE");

    /// <summary>A session of this id exists or existed; ids are never reused.</summary>
    public static ErrorCode SessionAlreadyExists { get; } = new("SESSION_ALREADY_EXISTS");

    /// <summary>No session of this id is known.</summary>
    public static ErrorCode SessionNotFound { get; } = new("SESSION_NOT_FOUND");

    /// <summary>The session is suspended or has ended.</summary>
    public static ErrorCode SessionNotOpen { get; } = new("SESSION_NOT_OPEN");

    /// <summary>The mode, or this version of it, is not hosted.</summary>
    public static ErrorCode ModeNotSupported { get; } = new("MODE_NOT_SUPPORTED");

    /// <summary>The sender may not do this.</summary>
    public static ErrorCode Forbidden { get; } = new("FORBIDDEN");

    /// <summary>The credential is missing or wrong, or does not belong to the sender named in the envelope.</summary>
    public static ErrorCode Unauthenticated { get; } = new("UNAUTHENTICATED");

    /// <summary>In the registry, but never sent: a duplicate is a positive ack.</summary>
    public static ErrorCode DuplicateMessage { get; } = new("DUPLICATE_MESSAGE");

    /// <summary>The payload is larger than the runtime accepts.</summary>
    public static ErrorCode PayloadTooLarge { get; } = new("PAYLOAD_TOO_LARGE");

    /// <summary>The sender sends too much, or has too many open sessions. Transient.</summary>
    public static ErrorCode RateLimited { get; } = new("RATE_LIMITED");

    /// <summary>The runtime could not store or process the message; nothing was kept. Transient.</summary>
    public static ErrorCode InternalError { get; } = new("INTERNAL_ERROR");

    /// <summary>The bound policy forbids this commitment; the reasons are in the error's details.</summary>
    public static ErrorCode PolicyDenied { get; } = new("POLICY_DENIED");

    /// <summary>The session id has the wrong form.</summary>
    public static ErrorCode InvalidSessionId { get; } = new("INVALID_SESSION_ID");

    /// <summary>No policy of this id is registered.</summary>
    public static ErrorCode UnknownPolicyVersion { get; } = new("UNKNOWN_POLICY_VERSION");

    /// <summary>The policy is malformed, or made for another mode.</summary>
    public static ErrorCode InvalidPolicyDefinition { get; } = new("INVALID_POLICY_DEFINITION");

    /// <summary>The history that was asked for was removed by an explicit retention policy. Ends a stream.</summary>
    public static ErrorCode HistoryUnavailable { get; } = new("HISTORY_UNAVAILABLE");

    /// <summary>The registry's codes, in its order.</summary>
    public static IReadOnlyList<ErrorCode> All { get; } =
    [
        UnsupportedProtocolVersion, InvalidEnvelope, SessionAlreadyExists, SessionNotFound, SessionNotOpen, ModeNotSupported, Forbidden, Unauthenticated,
        DuplicateMessage, PayloadTooLarge, RateLimited, InternalError, PolicyDenied, InvalidSessionId, UnknownPolicyVersion, InvalidPolicyDefinition,
        HistoryUnavailable,
    ];

    /// <summary>Whether the same message may succeed when it is sent again later.</summary>
    public bool IsTransient => this == RateLimited || this == InternalError;

    /// <inheritdoc/>
    public override string ToString() => Value ?? "";
}
