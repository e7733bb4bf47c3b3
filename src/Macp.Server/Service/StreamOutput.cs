using Macp.Grpc;
using Macp.Runtime;
using Macp.Wire.V1;

namespace Macp.Server.Service;

/// <summary>The response side of a stream, which the delivery and inline errors share: one writes at a time.</summary>
sealed class StreamOutput(IGrpcStreamWriter<StreamSessionResponse> responses, HotFrames frames)
{
    readonly SemaphoreSlim _turn = new(1);

    /// <summary>Sends a refusal that leaves the stream open.</summary>
    public async Task WriteErrorAsync(MACPError error, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await responses.WriteAsync(new() { Error = error }, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Sends what a cursor has at hand, all of it together.</summary>
    public async Task WriteAsync(SessionCursor cursor, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (cursor.TryRead(out var record)) responses.WriteSerialized(frames.Of(record));
            await responses.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }
}
