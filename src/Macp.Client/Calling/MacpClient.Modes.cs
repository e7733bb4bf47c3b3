using System.Runtime.CompilerServices;
using Macp.Protocol;
using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>The registry of modes, and those that are registered while a runtime runs.</summary>
public sealed partial class MacpClient
{
    /// <summary>The standard modes that the runtime hosts. Needs no credential.</summary>
    /// <exception cref="MacpTransportException">The call failed.</exception>
    public async Task<IReadOnlyList<ModeDescriptor>> ListModesAsync(MacpCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        var response = await ReadAsync(RuntimeMethods.ListModes, new(), call?.Auth ?? Auth, call, cancellationToken).ConfigureAwait(false);
        return [.. response.Modes];
    }

    /// <summary>The other modes that the runtime hosts, those that were registered with it among them, by name. Needs no credential.</summary>
    /// <exception cref="MacpTransportException">The call failed.</exception>
    public async Task<IReadOnlyList<ModeDescriptor>> ListExtModesAsync(MacpCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        var response = await ReadAsync(RuntimeMethods.ListExtModes, new(), call?.Auth ?? Auth, call, cancellationToken).ConfigureAwait(false);
        return [.. response.Modes];
    }

    /// <summary>
    /// Has the runtime host a mode that it knows by this descriptor only: it passes the payloads through, and judges no more than what is true of every
    /// session. Never retried.
    /// </summary>
    /// <param name="descriptor">The mode. Its one terminal message type is <c>Commitment</c>.</param>
    /// <param name="call">What this call does otherwise.</param>
    /// <param name="cancellationToken">Ends the wait; the request may have arrived.</param>
    /// <exception cref="MacpSessionException">The descriptor has no terminal <c>Commitment</c>; nothing was sent.</exception>
    /// <exception cref="MacpNackException">
    /// The runtime refused, and <see cref="MacpCallOptions.ThrowOnNack"/> is set: the identifier is taken or the protocol's own, or the descriptor is
    /// incomplete. The wire has no code for it, so that the code is <c>INVALID_ENVELOPE</c>, that of rules without one.
    /// </exception>
    /// <exception cref="MacpTransportException">The call failed: PERMISSION_DENIED when the modes are not the caller's to manage.</exception>
    public async Task<MacpAck> RegisterExtModeAsync(ModeDescriptor descriptor, MacpCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        if (call is null or { ValidateLocally: true } && MacpValidation.ExtMode(descriptor) is { } finding) throw new MacpSessionException(finding);
        var request = new RegisterExtModeRequest { ModeDescriptor = descriptor };
        var response = await _connection.CallAsync(RuntimeMethods.RegisterExtMode, request, RequireAuth(call, "RegisterExtMode"), call, cancellationToken).ConfigureAwait(false);
        return Judged(AnswerOf(response.Ok, response.Error, ErrorCode.InvalidEnvelope), call);
    }

    /// <summary>Has the runtime host a registered mode no more. Its open sessions take no more messages, but can be cancelled, and expire. Never retried.</summary>
    /// <param name="mode">The mode's identifier.</param>
    /// <param name="call">What this call does otherwise.</param>
    /// <param name="cancellationToken">Ends the wait; the request may have arrived.</param>
    /// <exception cref="MacpNackException">There is no such mode, or it stays; and <see cref="MacpCallOptions.ThrowOnNack"/> is set. The code is <c>INVALID_ENVELOPE</c>.</exception>
    /// <exception cref="MacpTransportException">The call failed: PERMISSION_DENIED when the modes are not the caller's to manage.</exception>
    public async Task<MacpAck> UnregisterExtModeAsync(string mode, MacpCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        var request = new UnregisterExtModeRequest { Mode = mode };
        var response = await _connection.CallAsync(RuntimeMethods.UnregisterExtMode, request, RequireAuth(call, "UnregisterExtMode"), call, cancellationToken).ConfigureAwait(false);
        return Judged(AnswerOf(response.Ok, response.Error, ErrorCode.InvalidEnvelope), call);
    }

    /// <summary>Puts an extension mode on the standards track: starts of it are judged strictly from then on. Never retried.</summary>
    /// <param name="mode">The mode's identifier.</param>
    /// <param name="newName">Its identifier from then on; empty to keep the one it has. Open sessions under the old one take no more messages.</param>
    /// <param name="call">What this call does otherwise.</param>
    /// <param name="cancellationToken">Ends the wait; the request may have arrived.</param>
    /// <exception cref="MacpNackException">
    /// There is no such mode, it is on the track already, or the name is not to be had; and <see cref="MacpCallOptions.ThrowOnNack"/> is set. The code is
    /// <c>INVALID_ENVELOPE</c>.
    /// </exception>
    /// <exception cref="MacpTransportException">The call failed: PERMISSION_DENIED when the modes are not the caller's to manage.</exception>
    public async Task<MacpAck> PromoteModeAsync(string mode, string newName = "", MacpCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        var request = new PromoteModeRequest { Mode = mode, PromotedModeName = newName };
        var response = await _connection.CallAsync(RuntimeMethods.PromoteMode, request, RequireAuth(call, "PromoteMode"), call, cancellationToken).ConfigureAwait(false);
        return Judged(AnswerOf(response.Ok, response.Error, ErrorCode.InvalidEnvelope), call);
    }

    /// <summary>
    /// Watches the registry of modes: tells at once that it is there, and then that it changed; several changes at once may be told as one. What changed,
    /// <see cref="ListModesAsync"/> and <see cref="ListExtModesAsync"/> tell. One stream; a <see cref="ModeRegistryWatcher"/> opens it again when it breaks.
    /// </summary>
    /// <param name="call">The credential and the headers count; a timeout does not.</param>
    /// <param name="cancellationToken">Ends the enumeration with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="MacpTransportException">On enumeration: the stream failed, with UNAUTHENTICATED for one.</exception>
    public async IAsyncEnumerable<ModeRegistryChange> WatchModeRegistryAsync(
        MacpCallOptions? call = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        bool isSnapshot = true;
        var responses = _connection.WatchAsync(RuntimeMethods.WatchModeRegistry, new(), RequireAuth(call, "WatchModeRegistry"), call, cancellationToken);
        await foreach (var response in responses.ConfigureAwait(false))
        {
            yield return ModeRegistryChange.Of(response, isSnapshot);
            isSnapshot = false;
        }
    }
}
