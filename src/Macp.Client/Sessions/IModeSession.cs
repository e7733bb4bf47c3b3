using Google.Protobuf;
using Macp.Modes;
using Macp.Wire.V1;
using ModeDescriptor = Macp.Modes.ModeDescriptor;

namespace Macp.Client;

/// <summary>A session of whatever mode: what tools and frameworks need that do not know which. <see cref="ModeSession{TProjection}"/> implements it.</summary>
public interface IModeSession : IAsyncDisposable
{
    /// <summary>The connection.</summary>
    MacpClient Client { get; }

    /// <summary>The mode.</summary>
    ModeDescriptor Descriptor { get; }

    /// <summary>What the session is known to have come to.</summary>
    IProjection Projection { get; }

    /// <summary>The session's id.</summary>
    string SessionId { get; }

    /// <summary>The credential of calls that bring none; null when there is none.</summary>
    MacpAuth? Auth { get; }

    /// <inheritdoc cref="ModeSession{TProjection}.State"/>
    SessionState State { get; }

    /// <inheritdoc cref="ModeSession{TProjection}.IsAttached"/>
    bool IsAttached { get; }

    /// <inheritdoc cref="ModeSession{TProjection}.Changes"/>
    IAsyncEnumerable<LiveChange> Changes { get; }

    /// <inheritdoc cref="ModeSession{TProjection}.AttachAsync"/>
    Task AttachAsync(FollowOptions? options = null, MacpCallOptions? call = null, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ModeSession{TProjection}.DetachAsync"/>
    ValueTask DetachAsync();

    /// <inheritdoc cref="ModeSession{TProjection}.StartAsync"/>
    Task<MacpAck> StartAsync(SessionStartOptions start, MacpCallOptions? call = null, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ModeSession{TProjection}.SendAsync(string, ByteString, MacpCallOptions, CancellationToken)"/>
    Task<MacpAck> SendAsync(string messageType, ByteString payload, MacpCallOptions? call = null, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ModeSession{TProjection}.CommitAsync"/>
    Task<MacpAck> CommitAsync(CommitOptions commit, MacpCallOptions? call = null, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ModeSession{TProjection}.CancelAsync"/>
    Task<MacpAck> CancelAsync(string reason = "", MacpCallOptions? call = null, CancellationToken cancellationToken = default);
}

public abstract partial class ModeSession<TProjection> : IModeSession
{
    IProjection IModeSession.Projection => Projection;

    /// <summary>Sends a message by its type, with a payload as it stands. For what is known by name only; a generated method knows more.</summary>
    /// <param name="messageType">The message type.</param>
    /// <param name="payload">The payload's bytes; the runtime judges them.</param>
    /// <param name="call">What this call does otherwise.</param>
    /// <param name="cancellationToken">Ends the wait; the message may have arrived.</param>
    /// <returns>The ack.</returns>
    /// <exception cref="MacpSessionException">The payload is too large, the message id is not in order, or what a stream has delivered refuses it for good; nothing was sent.</exception>
    /// <exception cref="MacpNackException">The runtime refused the message.</exception>
    /// <exception cref="MacpTransportException">The call failed; <see cref="MacpRetryException"/> when each attempt did.</exception>
    public Task<MacpAck> SendAsync(string messageType, ByteString payload, MacpCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(messageType);
        ArgumentNullException.ThrowIfNull(payload);
        return SendAsync(messageType, payload, localFinding: null, call, cancellationToken);
    }
}
