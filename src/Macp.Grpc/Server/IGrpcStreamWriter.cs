namespace Macp.Grpc;

/// <summary>The response messages of a streaming call. One write or flush at a time.</summary>
/// <typeparam name="T">The message.</typeparam>
public interface IGrpcStreamWriter<in T> where T : class
{
    /// <summary>Sends a message, and waits while the client is too slow to take more: back-pressure.</summary>
    /// <param name="message">The message. It is serialised before the method returns and may then be reused.</param>
    /// <param name="cancellationToken">Ends the wait. The message has been handed over all the same.</param>
    /// <exception cref="OperationCanceledException">The token fired, or the call has ended (<see cref="GrpcServerCall.CancellationToken"/>).</exception>
    /// <exception cref="GrpcException">RESOURCE_EXHAUSTED: the message is above <see cref="GrpcServerOptions.MaxSendMessageBytes"/>.</exception>
    ValueTask WriteAsync(T message, CancellationToken cancellationToken = default);

    /// <summary>
    /// Serialises a message without sending it yet, so that several which are at hand travel together. It waits for nobody:
    /// <see cref="FlushAsync"/> before much has gathered.
    /// </summary>
    /// <param name="message">The message. It may be reused afterwards.</param>
    /// <exception cref="OperationCanceledException">The call has ended.</exception>
    /// <exception cref="GrpcException">RESOURCE_EXHAUSTED: the message is above <see cref="GrpcServerOptions.MaxSendMessageBytes"/>.</exception>
    void Write(T message);

    /// <summary>As <see cref="Write"/>, of a message that is serialised already: one that goes to many need not be serialised for each.</summary>
    /// <param name="message">The message's bytes, without a prefix. They are copied, and not looked at.</param>
    /// <exception cref="OperationCanceledException">The call has ended.</exception>
    /// <exception cref="GrpcException">RESOURCE_EXHAUSTED: the message is above <see cref="GrpcServerOptions.MaxSendMessageBytes"/>.</exception>
    void WriteSerialized(ReadOnlySpan<byte> message);

    /// <summary>Sends what was written, and waits as <see cref="WriteAsync"/> does. Without a message it sends the response headers.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token fired, or the call has ended.</exception>
    ValueTask FlushAsync(CancellationToken cancellationToken = default);
}
