using System.Buffers;
using System.Net;
using Google.Protobuf;
using Macp.Grpc.Wire;

namespace Macp.Grpc.Client;

/// <summary>A request body of one message, serialised when it is sent. It can be sent again, so that a refused stream is retried elsewhere.</summary>
sealed class MessageContent<T>(T message, int size) : HttpContent where T : IMessage
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        WriteAsync(stream, message, size, cancellationToken).AsTask();

    protected override bool TryComputeLength(out long length)
    {
        length = MessageFrame.PrefixLength + size;
        return true;
    }

    /// <summary>Writes one framed message.</summary>
    public static async ValueTask WriteAsync(Stream stream, T message, int size, CancellationToken cancellationToken)
    {
        int length = MessageFrame.PrefixLength + size;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            MessageFrame.WriteTo(buffer, message, size);
            await stream.WriteAsync(buffer.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
