using System.Runtime.CompilerServices;
using Macp.Protocol;

namespace Macp.Client;

/// <summary>Signals and progress: ambient, they bind nobody and enter no history (RFC-MACP-0001 section 6).</summary>
public sealed partial class MacpClient
{
    /// <summary>Sends a signal to whoever watches signals.</summary>
    /// <exception cref="MacpSessionException">The signal has no type, or its confidence is not finite.</exception>
    /// <inheritdoc cref="SendAsync" path="/exception"/>
    public Task<MacpAck> SendSignalAsync(MacpSignal signal, MacpCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(signal);
        var payload = signal.ToPayload();
        return SendCheckedAsync("", "", MessageTypes.Signal, payload, MacpValidation.Signal(payload), call, cancellationToken);
    }

    /// <summary>Reports progress to whoever watches signals.</summary>
    /// <exception cref="MacpSessionException">A number is not finite, or only one of session and mode is named.</exception>
    /// <inheritdoc cref="SendAsync" path="/exception"/>
    public Task<MacpAck> SendProgressAsync(MacpProgress progress, MacpCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(progress);
        var payload = progress.ToPayload();
        return SendCheckedAsync(progress.Mode, progress.SessionId, MessageTypes.Progress, payload,
            MacpValidation.Progress(payload, progress.SessionId, progress.Mode), call, cancellationToken);
    }

    /// <summary>
    /// Watches signals and progress from now on: ambient ones of everybody, and those about sessions that the caller may read. What was sent before is gone,
    /// so that after a break nothing tells what was missed. One stream; a <see cref="SignalWatcher"/> opens it again when it breaks.
    /// </summary>
    /// <param name="call">The credential and the headers count; a timeout does not.</param>
    /// <param name="cancellationToken">Ends the enumeration with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="MacpTransportException">
    /// On enumeration: the stream failed, with RESOURCE_EXHAUSTED when the watcher fell behind and messages were lost to it, with UNAUTHENTICATED when the
    /// runtime does not know the credential.
    /// </exception>
    public async IAsyncEnumerable<AmbientMessage> WatchSignalsAsync(
        MacpCallOptions? call = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var responses = _connection.WatchAsync(RuntimeMethods.WatchSignals, new(), RequireAuth(call, "WatchSignals"), call, cancellationToken);
        await foreach (var response in responses.ConfigureAwait(false))
            if (response.Envelope is { } envelope) yield return AmbientMessage.Of(envelope);
    }
}
