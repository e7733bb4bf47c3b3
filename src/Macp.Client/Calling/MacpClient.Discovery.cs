using System.Runtime.CompilerServices;
using Macp.Wire.V1;

namespace Macp.Client;

/// <summary>Who and what is there: manifests and roots.</summary>
public sealed partial class MacpClient
{
    /// <summary>The manifest of an agent, or the runtime's own. Needs no credential.</summary>
    /// <param name="agentId">The agent; empty for the runtime.</param>
    /// <param name="call">What this call does otherwise.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="MacpTransportException">The call failed.</exception>
    public async Task<AgentManifest> GetManifestAsync(string agentId = "", MacpCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        var response = await ReadAsync(RuntimeMethods.GetManifest, new() { AgentId = agentId }, call?.Auth ?? Auth, call, cancellationToken).ConfigureAwait(false);
        return response.Manifest ?? throw new MacpProtocolException("GetManifest was answered without a manifest.");
    }

    /// <summary>The roots that the runtime offers. Needs no credential.</summary>
    /// <exception cref="MacpTransportException">The call failed.</exception>
    public async Task<IReadOnlyList<Root>> ListRootsAsync(MacpCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        var response = await ReadAsync(RuntimeMethods.ListRoots, new(), call?.Auth ?? Auth, call, cancellationToken).ConfigureAwait(false);
        return [.. response.Roots];
    }

    /// <summary>
    /// Watches the roots: tells at once that they are there, and then that they changed. Which they are, <see cref="ListRootsAsync"/> tells. One stream; a
    /// <see cref="RootsWatcher"/> opens it again when it breaks.
    /// </summary>
    /// <param name="call">The credential and the headers count; a timeout does not.</param>
    /// <param name="cancellationToken">Ends the enumeration with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="MacpTransportException">On enumeration: the stream failed, with UNAUTHENTICATED for one.</exception>
    public async IAsyncEnumerable<RootsChange> WatchRootsAsync(
        MacpCallOptions? call = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        bool isSnapshot = true;
        var responses = _connection.WatchAsync(RuntimeMethods.WatchRoots, new(), RequireAuth(call, "WatchRoots"), call, cancellationToken);
        await foreach (var response in responses.ConfigureAwait(false))
        {
            yield return RootsChange.Of(response, isSnapshot);
            isSnapshot = false;
        }
    }
}
