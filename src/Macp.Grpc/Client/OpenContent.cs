using System.Net;

namespace Macp.Grpc.Client;

/// <summary>A request body that stays open: hands its stream out to whoever writes, until it is told to end.</summary>
sealed class OpenContent : HttpContent
{
    readonly TaskCompletionSource<Stream> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The stream to write to, once the request is under way.</summary>
    public Task<Stream> Stream => _opened.Task;

    /// <summary>Half-closes.</summary>
    public void Complete() => _completed.TrySetResult();

    /// <summary>The call is over before its body: whoever waits for the stream waits no longer.</summary>
    public void Abandon(Exception why)
    {
        _opened.TrySetException(why);
        _ = _opened.Task.Exception; // Nobody need be waiting.
        _completed.TrySetResult();
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        try
        {
            // Sends the headers now rather than with the first message.
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The server has answered already, and the call may even succeed; nobody would come to tell a writer that waits.
            Abandon(e);
            throw;
        }
        if (!_opened.TrySetResult(stream)) throw new IOException("The request stream cannot be sent a second time.");
        await _completed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
