using Macp.Grpc;
using Macp.Protocol;

namespace Macp.Client;

/// <summary>What client and runtime agree on.</summary>
public sealed partial class MacpClient
{
    readonly SharedTask<MacpNegotiation> _negotiation = new();

    /// <summary>What the last <see cref="InitializeAsync"/> agreed on; null before the first.</summary>
    public MacpNegotiation? Negotiated { get; private set; }

    /// <summary>
    /// Agrees on a protocol version and learns what the runtime can do. Other calls do not need it, or do it with
    /// <see cref="MacpClientOptions.AutoInitialize"/>. A credential is sent when there is one.
    /// </summary>
    /// <exception cref="MacpProtocolException">The runtime does not speak this client's version.</exception>
    /// <exception cref="MacpTransportException">The call failed.</exception>
    public async Task<MacpNegotiation> InitializeAsync(MacpCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        try
        {
            var response = await ReadAsync(RuntimeMethods.Initialize, MacpNegotiation.Offer(_options), call?.Auth ?? Auth, call, cancellationToken).ConfigureAwait(false);
            Negotiated = MacpNegotiation.Of(response);
            Telemetry.Log.Negotiated(Negotiated.ProtocolVersion, Negotiated.Runtime.Name, Negotiated.Runtime.Version);
            return Negotiated;
        }
        catch (MacpTransportException e) when (e.StatusCode is GrpcStatusCode.FailedPrecondition && e.Message.Contains(ErrorCode.UnsupportedProtocolVersion.Value, StringComparison.Ordinal))
        {
            throw new MacpProtocolException($"The runtime does not speak protocol version '{MacpProtocol.Version}', the only one of this client.", e);
        }
    }

    // Whoever comes first asks for all. Not retried: the calls that wait for it are, as their policies say.
    Task NegotiatedAsync(CancellationToken cancellationToken) =>
        Negotiated is not null ? Task.CompletedTask : _negotiation.Join(() => InitializeAsync(new() { Retry = MacpRetryPolicy.None })).WaitAsync(cancellationToken);

    /// <summary>Whether a stream that broke with this failure may come about with another token: it is fetched with the next opening.</summary>
    internal bool CanRenew(MacpException failure, MacpCallOptions? call) =>
        failure is MacpTransportException { StatusCode: GrpcStatusCode.Unauthenticated } && (call?.Auth ?? Auth) is { CanRenew: true };
}
