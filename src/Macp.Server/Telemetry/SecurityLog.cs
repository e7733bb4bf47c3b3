using Macp.Grpc;
using Macp.Protocol;
using Macp.Runtime;
using Macp.Wire.V1;
using Microsoft.Extensions.Logging;

namespace Macp.Server.Telemetry;

/// <summary>
/// The entries of the log about who did, or may not do, what. Their ids are stable; none holds a token, a key, or anything of a payload, such as the reason of a refusal that quotes it. Refusals are what anybody can cause:
/// of each kind only so many are written.
/// </summary>
sealed partial class SecurityLog(ILogger<SecurityLog> logger, ServerMetrics metrics, TimeProvider time)
{
    readonly LogAllowance _credentials = new(20, time), _denied = new(23, time), _impostors = new(24, time), _limited = new(25, time), _tooLarge = new(26, time), _handshakes = new(27, time), _controlled = new(31, time);

    /// <summary>A credential was refused. The token is nowhere in it, and neither is anything that it says of itself.</summary>
    public void RefusedCredential(string peer, string reason)
    {
        metrics.RefusedCredential();
        if (MayWrite(_credentials)) LogCredential(logger, peer, reason);
    }

    /// <summary>A connection ended before it was secured: its client has no certificate, or the wrong one, or does not trust the server's.</summary>
    public void FailedHandshake(string peer)
    {
        if (MayWrite(_handshakes)) LogHandshake(logger, peer);
    }

    /// <summary>The same outcome; told is what the caller had no right to.</summary>
    public Outcome<T> Heard<T>(GrpcServerCall call, Identity? identity, string about, Outcome<T> outcome)
        where T : class
    {
        if (outcome.Failure is { } failure) Refused(call, identity, about, failure);
        return outcome;
    }

    /// <summary>A call failed; told is what its caller had no right to.</summary>
    public void Refused(GrpcServerCall call, Identity? identity, string about, Failure failure)
    {
        if (failure.Kind is FailureKind.PermissionDenied && MayWrite(_denied)) LogDenied(logger, Name(identity), call.Peer, $"call {MethodOf(call)} of", LogText.Of(about));
    }

    /// <summary>An envelope was refused; told is what its sender had no right to, or has too much of.</summary>
    public void Refused(GrpcServerCall call, Identity? identity, Envelope envelope, MACPError error)
    {
        // A credential that was refused is told where it was judged.
        if (identity is null) return;
        var code = new ErrorCode(error.Code);
        if (code == ErrorCode.Forbidden && MayWrite(_denied)) LogDenied(logger, Name(identity), call.Peer, $"send {LogText.Of(envelope.MessageType)} to", LogText.Of(envelope.SessionId));
        if (code == ErrorCode.Unauthenticated && MayWrite(_impostors)) LogImpostor(logger, Name(identity), call.Peer, LogText.Of(envelope.Sender));
        if (code == ErrorCode.RateLimited && MayWrite(_limited)) LogLimited(logger, Name(identity), call.Peer, LogText.Of(error.Message));
        if (code == ErrorCode.PayloadTooLarge && MayWrite(_tooLarge)) LogTooLarge(logger, Name(identity), call.Peer, envelope.Payload.Length);
    }

    /// <summary>Somebody has changed a registry.</summary>
    public void Changed(Identity? identity, string change, string name) => LogChanged(logger, Name(identity), change, LogText.Of(name));

    /// <summary>Somebody has cancelled, suspended or resumed a session. To cancel has no rate, and may be repeated at will.</summary>
    public void Controlled(Identity? identity, string control, string sessionId)
    {
        if (MayWrite(_controlled)) LogControlled(logger, Name(identity), control, LogText.Of(sessionId));
    }

    /// <summary>A policy was registered under which nobody need have voted.</summary>
    public void NeedsNoVotes(string policyId) => LogNeedsNoVotes(logger, LogText.Of(policyId));

    bool MayWrite(LogAllowance allowance)
    {
        if (!logger.IsEnabled(LogLevel.Warning) || !allowance.TryTake(out int leftOut)) return false;
        if (leftOut > 0) LogLeftOut(logger, leftOut, allowance.EventId);
        return true;
    }

    static string MethodOf(GrpcServerCall call) => call.HttpContext.Request.Path.Value is { } path ? path[(path.LastIndexOf('/') + 1)..] : "";

    static string Name(Identity? identity) => identity is null ? "nobody" : LogText.Of(identity.Sender);

    [LoggerMessage(EventId = 20, Level = LogLevel.Warning, Message = "A credential from {Peer} was refused: {Reason}")]
    static partial void LogCredential(ILogger logger, string peer, string reason);

    [LoggerMessage(EventId = 23, Level = LogLevel.Warning, Message = "'{Sender}' at {Peer} may not {Action} '{About}'")]
    static partial void LogDenied(ILogger logger, string sender, string peer, string action, string about);

    [LoggerMessage(EventId = 24, Level = LogLevel.Warning, Message = "'{Sender}' at {Peer} was refused: it sent in the name of '{Other}'")]
    static partial void LogImpostor(ILogger logger, string sender, string peer, string other);

    [LoggerMessage(EventId = 25, Level = LogLevel.Warning, Message = "'{Sender}' at {Peer} is at a limit: {Reason}")]
    static partial void LogLimited(ILogger logger, string sender, string peer, string reason);

    [LoggerMessage(EventId = 26, Level = LogLevel.Warning, Message = "'{Sender}' at {Peer} sent a payload of {Bytes} bytes, which is too large")]
    static partial void LogTooLarge(ILogger logger, string sender, string peer, int bytes);

    [LoggerMessage(EventId = 27, Level = LogLevel.Warning, Message = "A connection from {Peer} ended before its TLS handshake was done")]
    static partial void LogHandshake(ILogger logger, string peer);

    [LoggerMessage(EventId = 29, Level = LogLevel.Warning, Message = "{LeftOut} entries of event {Event} were not written: there were too many")]
    static partial void LogLeftOut(ILogger logger, int leftOut, int @event);

    [LoggerMessage(EventId = 30, Level = LogLevel.Information, Message = "'{Sender}' has {Change} '{Name}'")]
    static partial void LogChanged(ILogger logger, string sender, string change, string name);

    [LoggerMessage(EventId = 31, Level = LogLevel.Information, Message = "'{Sender}' has {Control} session '{SessionId}'")]
    static partial void LogControlled(ILogger logger, string sender, string control, string sessionId);

    // What a session decides under it without a vote is allowed for the sake of older histories (spec-delta 2).
    [LoggerMessage(EventId = 32, Level = LogLevel.Warning, Message = "Policy '{PolicyId}' has a voting algorithm and not commitment.require_vote_quorum: at its schema version a commitment is allowed before anybody has voted")]
    static partial void LogNeedsNoVotes(ILogger logger, string policyId);
}
