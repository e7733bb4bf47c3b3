using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Macp.Grpc.Server;

/// <summary>
/// So many calls of a connection are worked on at a time. Each connection has places of its own, which go with it: no client waits for another's calls.
/// </summary>
sealed class ConnectionPlaces
{
    readonly ConditionalWeakTable<IConnectionItemsFeature, SemaphoreSlim> _connections = [];
    readonly ConditionalWeakTable<IConnectionItemsFeature, SemaphoreSlim>.CreateValueCallback _create;

    public ConnectionPlaces(int most) => _create = _ => new(most, most);

    /// <summary>Those of a call's connection; null where there is none, as in a server within a test.</summary>
    public SemaphoreSlim? Of(HttpContext context) =>
        context.Features.Get<IConnectionItemsFeature>() is { } connection ? _connections.GetValue(connection, _create) : null;
}
