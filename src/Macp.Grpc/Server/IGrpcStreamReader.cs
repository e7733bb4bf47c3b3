namespace Macp.Grpc;

/// <summary>The request messages of a bidirectional call. One read at a time.</summary>
/// <typeparam name="T">The message.</typeparam>
public interface IGrpcStreamReader<T> where T : class
{
    /// <summary>Waits for the next message; null once the client has half-closed, and ever after.</summary>
    /// <param name="cancellationToken">Ends this wait only; nothing is lost by it.</param>
    /// <exception cref="OperationCanceledException">The token fired, or the call was cancelled or is to end (<see cref="GrpcServerCall.CancellationToken"/>).</exception>
    /// <exception cref="GrpcException">The client broke the protocol. Let it end the call.</exception>
    ValueTask<T?> ReadAsync(CancellationToken cancellationToken = default);
}
