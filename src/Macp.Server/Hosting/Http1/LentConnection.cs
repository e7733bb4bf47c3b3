using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Macp.Server.Hosting;

/// <summary>A connection in the hands of another endpoint. That one's disposal gives it back: to dispose of it is its owner's.</summary>
sealed class LentConnection(ConnectionContext owned) : ConnectionContext
{
    readonly TaskCompletionSource _returned = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Returned => _returned.Task;

    public override string ConnectionId { get; set; } = owned.ConnectionId;

    /// <summary>The owner's, under what the borrower sets for itself.</summary>
    public override IFeatureCollection Features { get; } = new FeatureCollection(owned.Features);

    public override IDictionary<object, object?> Items { get; set; } = owned.Items;

    public override IDuplexPipe Transport { get; set; } = owned.Transport;

    // Not the owner's, which fires as soon as the client has sent all that it will: the borrower would begin with a connection that is over, and
    // answer nothing. That the client is gone it learns by reading and writing.
    public override CancellationToken ConnectionClosed { get; set; }

    public override EndPoint? LocalEndPoint { get; set; } = owned.LocalEndPoint;

    public override EndPoint? RemoteEndPoint { get; set; } = owned.RemoteEndPoint;

    public override void Abort(ConnectionAbortedException abortReason) => owned.Abort(abortReason);

    public override ValueTask DisposeAsync()
    {
        _returned.TrySetResult();
        return default;
    }
}
