using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>
/// Watches signals and progress: ambient ones of everybody, and those about sessions that the caller may read. What is sent while nobody watches, or while
/// the connection is broken, is gone (RFC-MACP-0001 section 6).
/// </summary>
/// <param name="client">The connection.</param>
/// <param name="options">The credential, and when to connect again.</param>
public sealed class SignalWatcher(MacpClient client, WatchOptions? options = null) : MacpWatcher<AmbientMessage>(client, options)
{
    /// <summary>The messages as they come; the same as <see cref="MacpWatcher{T}.Changes"/>.</summary>
    /// <inheritdoc cref="MacpWatcher{T}.Changes" path="/param|/exception"/>
    public IAsyncEnumerable<AmbientMessage> Signals(CancellationToken cancellationToken = default) => Changes(cancellationToken);

    internal override IAsyncEnumerable<AmbientMessage> Begin(CancellationToken cancellationToken) => new Telling(Client, Options).RunAsync(cancellationToken);

    sealed class Telling(MacpClient client, WatchOptions options)
        : Watch<WatchSignalsRequest, WatchSignalsResponse, AmbientMessage>(client, options, RuntimeMethods.WatchSignals)
    {
        protected override IEnumerable<AmbientMessage> Heard(WatchSignalsResponse response) =>
            response.Envelope is { } envelope ? [AmbientMessage.Of(envelope)] : [];
    }
}
