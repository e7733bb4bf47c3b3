using Google.Protobuf;
using Macp.Grpc;

namespace Macp.Server.Tests;

/// <summary>One call of a watch, begun: its headers are there, so that nothing which happens from now on is missed.</summary>
sealed class Watch<TResponse> : IAsyncDisposable
    where TResponse : class, IMessage<TResponse>, IBufferMessage
{
    readonly IAsyncDisposable _call;
    readonly Func<Task<TResponse?>> _read;

    Watch(IAsyncDisposable call, Func<Task<TResponse?>> read) => (_call, _read) = (call, read);

    // On the wire a watch is a call of two streams whose client sends one message. Unlike a list of responses, such a call tells when headers come.
    public static async Task<Watch<TResponse>> BeginAsync<TRequest>(GrpcChannel channel, GrpcMethod<TRequest, TResponse> method, GrpcCallOptions options)
        where TRequest : class, IMessage<TRequest>, IBufferMessage, new()
    {
        var call = channel.Duplex(method, options);
        await call.WriteAsync(new()).AsTask().Happens();
        await call.CompleteAsync();
        await call.ResponseHeadersAsync().Happens();
        return new(call, () => call.ReadAsync().Happens());
    }

    public async Task<TResponse> NextAsync() => await _read() ?? throw new InvalidOperationException("The watch ended with OK.");

    public Task<string> EndsWithAsync(GrpcStatusCode code) => _read().FailsWith(code);

    /// <summary>What is told before the fence.</summary>
    public async Task<List<TResponse>> BeforeAsync(Predicate<TResponse> isFence)
    {
        var told = new List<TResponse>();
        for (var next = await NextAsync(); !isFence(next); next = await NextAsync()) told.Add(next);
        return told;
    }

    public ValueTask DisposeAsync() => _call.DisposeAsync();
}
