using Macp.Client;

namespace Macp.Agents;

/// <summary>A handler has failed: by itself, or since the runtime refused what it sent.</summary>
/// <param name="Exception">What it threw; <see cref="MacpNackException"/> for a refusal.</param>
/// <param name="Change">What it was told; null for a handler of the session's end.</param>
public sealed record AgentError(Exception Exception, LiveChange? Change);

/// <summary>What follows the failure of a handler.</summary>
public enum ErrorAction
{
    /// <summary>The participant stops, and <see cref="MacpParticipant{TSession}.RunAsync"/> throws <see cref="MacpHandlerException"/>.</summary>
    Stop,

    /// <summary>The failure is logged, and the next handler is told.</summary>
    Continue,
}

/// <summary>A handler of a participant has failed, and so ended its run. The inner exception is what it threw.</summary>
/// <param name="messageType">The type of the message that it was told; null for a handler of the session's end.</param>
/// <param name="messageId">The message's id; null for a handler of the session's end.</param>
/// <param name="failure">What it threw.</param>
public sealed class MacpHandlerException(string? messageType, string? messageId, Exception failure)
    : MacpException(messageType is null ? $"A handler of the session's end failed: {failure?.Message}" : $"A handler of {messageType} '{messageId}' failed: {failure?.Message}", failure)
{
    /// <summary>The type of the message that it was told; null for a handler of the session's end.</summary>
    public string? MessageType { get; } = messageType;

    /// <summary>The message's id; null for a handler of the session's end.</summary>
    public string? MessageId { get; } = messageId;

    /// <inheritdoc/>
    public override bool IsTransient => InnerException is MacpException { IsTransient: true };
}
