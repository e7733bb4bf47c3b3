using System.Runtime.CompilerServices;
using Google.Protobuf;
using Macp.Modes;
using Macp.Protocol;

namespace Macp.Client;

/// <summary>
/// One session of a mode, as a client of any participant sees it: starts it, or joins it by id, sends its messages, and keeps a projection
/// of it. Generated session clients derive from it and add a method for each message type. Safe for concurrent calls.
/// </summary>
/// <remarks>
/// <para>The projection follows a stream's order while one is followed (<see cref="AttachAsync"/>, <see cref="FollowAsync"/>, <see cref="OpenStreamAsync"/>): it then
/// shows everybody's messages, and an ack changes nothing; <see cref="WaitForAsync(string, CancellationToken)"/> waits until an acknowledged message is in it. Without
/// a stream it shows what was sent through this object and acknowledged, by whichever credential. A refused message never enters it.</para>
/// <para>Following after acks were applied brings the history from its start again and rebuilds the projection in the history's order. What acks put
/// in before is a part of the session only, and where it cannot be folded without the rest it waits for the history.</para>
/// <para>A session under a policy asks the runtime once what that rules, so that the projection's queries answer as the runtime would. Where the
/// runtime cannot tell, the session works on, and <see cref="PolicyBinding.IsResolved"/> of the projection's session is false;
/// <see cref="IProjection.UsePolicy"/> takes the policy from elsewhere.</para>
/// <para>A message whose sender only the runtime knows, since neither call nor credential names one, enters the projection by a stream only.</para>
/// </remarks>
/// <typeparam name="TProjection">The mode's projection.</typeparam>
public abstract partial class ModeSession<TProjection>
    where TProjection : class, IProjection
{
    readonly ProjectionFeed _feed;
    readonly PolicyFeed _policy;
    readonly SessionOptions _options;

    /// <summary>Creates a session object; nothing is sent yet.</summary>
    /// <param name="client">The connection. It stays open when the session is done.</param>
    /// <param name="descriptor">The mode.</param>
    /// <param name="projection">An empty projection of the mode.</param>
    /// <param name="options">Which session, versions and credential; a new session under the defaults when null.</param>
    /// <exception cref="MacpSessionException">The session id has the wrong form.</exception>
    protected ModeSession(MacpClient client, ModeDescriptor descriptor, TProjection projection, SessionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(descriptor);
        ArgumentNullException.ThrowIfNull(projection);
        _options = options ?? new();
        SessionId = _options.SessionId ?? SessionIds.New();
        if (MacpValidation.SessionId(SessionId) is { } malformed) throw new MacpSessionException(malformed);
        (Client, Descriptor, Projection, _feed, _policy) = (client, descriptor, projection, new(projection), new(client, projection));
        if (_options.Policy is { } policy) _policy.Use(policy);
    }

    /// <summary>The connection.</summary>
    public MacpClient Client { get; }

    /// <summary>The mode.</summary>
    public ModeDescriptor Descriptor { get; }

    /// <summary>What the session is known to have come to.</summary>
    public TProjection Projection { get; }

    /// <summary>The session's id.</summary>
    public string SessionId { get; }

    /// <summary>The credential of calls that bring none; null when there is none.</summary>
    public MacpAuth? Auth => _options.Auth ?? Client.Auth;

    /// <summary>The mode version: the one the session is bound to where the projection knows it, else the one to bind.</summary>
    public string ModeVersion => Projection.Session?.ModeVersion ?? _options.ModeVersion ?? Descriptor.Version;

    /// <summary>The configuration version: the one the session is bound to where the projection knows it, else the one to bind.</summary>
    public string ConfigurationVersion => Projection.Session?.ConfigurationVersion ?? _options.ConfigurationVersion;

    /// <summary>The policy: the one the session is bound to where the projection knows it, else the one to bind. Stays empty when the options leave it so.</summary>
    public string PolicyVersion => _options.PolicyVersion.Length == 0 ? "" : Projection.Session?.Policy.Id ?? _options.PolicyVersion;

    /// <summary>Starts the session, under the versions of the options.</summary>
    /// <param name="start">What it is started with.</param>
    /// <param name="call">What this call does otherwise.</param>
    /// <param name="cancellationToken">Ends the wait; the message may have arrived.</param>
    /// <exception cref="MacpSessionException">The start breaks a rule of its form; nothing was sent.</exception>
    /// <exception cref="MacpNackException">The runtime refused it: <c>SESSION_ALREADY_EXISTS</c>, <c>MODE_NOT_SUPPORTED</c>, <c>UNKNOWN_POLICY_VERSION</c> and others.</exception>
    /// <exception cref="MacpTransportException">The call failed.</exception>
    public async Task<MacpAck> StartAsync(SessionStartOptions start, MacpCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(start);
        var payload = start.ToPayload(_options.ModeVersion ?? Descriptor.Version, _options.ConfigurationVersion, _options.PolicyVersion);
        var ack = await SendAsync(MessageTypes.SessionStart, payload, MacpValidation.SessionStart(payload, Descriptor.MinimumParticipants), call, cancellationToken)
            .ConfigureAwait(false);
        if (ack.Ok) await _policy.LearnAsync(payload.PolicyVersion, Own(call), cancellationToken).ConfigureAwait(false);
        return ack;
    }

    /// <summary>Commits the session to its outcome, under the versions it is bound to. This ends it.</summary>
    /// <param name="commit">The outcome.</param>
    /// <param name="call">What this call does otherwise.</param>
    /// <param name="cancellationToken">Ends the wait; the message may have arrived.</param>
    /// <exception cref="MacpSessionException">A field is blank, or the sign is not the one that the action says; nothing was sent.</exception>
    /// <exception cref="MacpNackException">The runtime refused it; for <c>POLICY_DENIED</c> with the policy's reasons.</exception>
    /// <exception cref="MacpTransportException">The call failed.</exception>
    public async Task<MacpAck> CommitAsync(CommitOptions commit, MacpCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(commit);
        var payload = commit.ToPayload(ModeVersion, ConfigurationVersion, PolicyVersion, call?.MessageId);
        return await SendAsync(MessageTypes.Commitment, payload, MacpValidation.Commitment(payload), call, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="MacpClient.CancelSessionAsync"/>
    public async Task<MacpAck> CancelAsync(string reason = "", MacpCallOptions? call = null, CancellationToken cancellationToken = default) =>
        Noted(await Client.CancelSessionAsync(SessionId, reason, Own(call), cancellationToken).ConfigureAwait(false));

    /// <inheritdoc cref="MacpClient.SuspendSessionAsync"/>
    public async Task<MacpAck> SuspendAsync(string reason = "", MacpCallOptions? call = null, CancellationToken cancellationToken = default) =>
        Noted(await Client.SuspendSessionAsync(SessionId, reason, Own(call), cancellationToken).ConfigureAwait(false));

    /// <inheritdoc cref="MacpClient.ResumeSessionAsync"/>
    public async Task<MacpAck> ResumeAsync(string reason = "", MacpCallOptions? call = null, CancellationToken cancellationToken = default) =>
        Noted(await Client.ResumeSessionAsync(SessionId, reason, Own(call), cancellationToken).ConfigureAwait(false));

    /// <inheritdoc cref="MacpClient.GetSessionAsync"/>
    public Task<SessionInfo> MetadataAsync(MacpCallOptions? call = null, CancellationToken cancellationToken = default) =>
        Client.GetSessionAsync(SessionId, Own(call), cancellationToken);

    /// <summary>
    /// Follows the session across broken connections: history first, then live, each accepted envelope once. Every item is in the projection
    /// when it is yielded. Ends behind the session's last item. Nothing is read ahead: a consumer that pauses just stands further back.
    /// </summary>
    /// <param name="options">Where to begin, and what to wait for; the whole history, and for nothing, when null.</param>
    /// <param name="call">The credential and the headers count.</param>
    /// <param name="cancellationToken">Ends the enumeration with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="MacpException">On enumeration: the session follows a stream already; or the mode's reducer failed at a message, which is the inner exception.</exception>
    /// <exception cref="MacpNackException">On enumeration: the subscription was refused.</exception>
    /// <exception cref="MacpTransportException">On enumeration: the stream failed with a status that no retry mends, such as UNAUTHENTICATED or NOT_FOUND.</exception>
    /// <exception cref="MacpRetryException">On enumeration: it could not be opened again.</exception>
    public async IAsyncEnumerable<SessionStreamItem> FollowAsync(
        FollowOptions? options = null, MacpCallOptions? call = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        options ??= new();
        _feed.Begin();
        try
        {
            var own = Own(call);
            var follower = new SessionFollower(Client, SessionId, options.AfterOrdinal ?? _feed.LastOrdinal, options, own);
            await foreach (var item in follower.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                await _policy.LearnAsync(item, own, cancellationToken).ConfigureAwait(false);
                _feed.Delivered(item);
                yield return item;
            }
        }
        finally
        {
            _feed.End();
        }
    }

    /// <summary>
    /// Opens one stream, subscribed to this session, by which to send too. What is read from it feeds the projection until it is disposed.
    /// It does not survive its connection; <see cref="FollowAsync"/> does.
    /// </summary>
    /// <param name="afterOrdinal">The ordinal to begin behind, exclusive; 0 for the whole history.</param>
    /// <param name="call">The credential and the headers count.</param>
    /// <param name="cancellationToken">Ends the opening only.</param>
    /// <exception cref="MacpException">The session follows a stream already.</exception>
    /// <exception cref="MacpTransportException">The stream could not be opened.</exception>
    public async Task<MacpStream> OpenStreamAsync(ulong afterOrdinal = 0, MacpCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        _feed.Begin();
        MacpStream? stream = null;
        try
        {
            var own = Own(call);
            stream = await Client.OpenStreamAsync(own, (item, closed) => _policy.LearnAsync(item, own, closed), item => _feed.Delivered(item), () => _feed.End(), cancellationToken).ConfigureAwait(false);
            await stream.SubscribeAsync(SessionId, afterOrdinal, cancellationToken).ConfigureAwait(false);
            return stream;
        }
        catch
        {
            if (stream is null) _feed.End();
            else await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Waits until a message is in the projection, such as one that was acknowledged while somebody else pulls the stream.</summary>
    /// <param name="messageId">The message.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="MacpException">No stream is followed, or it ended before it delivered the message.</exception>
    public async Task WaitForAsync(string messageId, CancellationToken cancellationToken = default) =>
        await _feed.WaitForAsync(messageId, cancellationToken).ConfigureAwait(false);

    /// <summary>Sends a message of the mode. For generated methods.</summary>
    /// <param name="messageType">The message type.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="localFinding">What the mode's validator finds wrong with the payload; thrown before the wire unless <see cref="MacpCallOptions.ValidateLocally"/> is off.</param>
    /// <param name="call">What this call does otherwise.</param>
    /// <param name="cancellationToken">Ends the wait; the message may have arrived.</param>
    /// <returns>The ack. While a stream is followed the projection may not have the message yet; see <see cref="WaitForAsync(string, CancellationToken)"/>.</returns>
    /// <exception cref="MacpSessionException">There is a local finding, or what a stream has delivered refuses the message for good; nothing was sent.</exception>
    /// <exception cref="MacpIdentityMismatchException">The call names a sender that its credential is not for; nothing was sent.</exception>
    /// <exception cref="MacpNackException">The runtime refused the message.</exception>
    /// <exception cref="MacpTransportException">The call failed; <see cref="MacpRetryException"/> when each attempt did.</exception>
    protected Task<MacpAck> SendAsync(string messageType, IMessage payload, Rejection? localFinding, MacpCallOptions? call, CancellationToken cancellationToken) =>
        SendAsync(messageType, payload.ToByteString(), localFinding, call, cancellationToken);

    async Task<MacpAck> SendAsync(string messageType, ByteString payload, Rejection? localFinding, MacpCallOptions? call, CancellationToken cancellationToken)
    {
        var own = Own(call);
        // Another version of the mode has rules of its own.
        if (ModeVersion != Descriptor.Version && messageType is not (MessageTypes.SessionStart or MessageTypes.Commitment)) localFinding = null;
        var envelope = Client.CheckedEnvelope(Descriptor.Identifier, SessionId, messageType, payload, localFinding, own);
        (own.Auth ?? Client.Auth)?.Guard(envelope.Sender);
        if (own.ValidateLocally && _feed.Preflight(envelope, isNew: own.MessageId is null) is { } refused) throw new MacpSessionException(refused);
        var ack = await Client.SendAsync(envelope, own, cancellationToken).ConfigureAwait(false);
        _feed.Acknowledged(ack, envelope);
        return ack;
    }

    MacpAck Noted(MacpAck ack)
    {
        _feed.Acknowledged(ack);
        return ack;
    }

    /// <summary>Who sends by this call: the name it gives, else its credential's; empty when only the runtime knows. For defaults of generated methods.</summary>
    protected string SenderOf(MacpCallOptions? call) => Client.SenderOf(Own(call));

    MacpCallOptions Own(MacpCallOptions? call) => call is null ? _own ??= new() { Auth = _options.Auth } : call.Auth is null ? call with { Auth = _options.Auth } : call;

    MacpCallOptions? _own;
}
