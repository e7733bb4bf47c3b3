using Macp.Grpc;
using Macp.Runtime;
using Macp.Wire.V1;

namespace Macp.Server.Service;

/// <summary>The response side of a stream, which the delivery and inline errors share: one writes at a time.</summary>
sealed class StreamOutput(IGrpcStreamWriter<StreamSessionResponse> responses, HotFrames frames)
{
    // In bytes.
    const int MostGathered = 64 * 1024;

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

    /// <summary>Sends what a cursor has at hand, together as far as it is little: of a large history a slow reader is not to have more in memory.</summary>
    public async Task WriteAsync(SessionCursor cursor, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            int gathered = 0;
            while (cursor.TryRead(out var record))
            {
                byte[] frame = frames.Of(record);
                responses.WriteSerialized(frame);
                if ((gathered += frame.Length) < MostGathered) continue;
                await responses.FlushAsync(cancellationToken).ConfigureAwait(false);
                gathered = 0;
            }
            await responses.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }
}
